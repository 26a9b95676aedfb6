/** What the demo keeps of the broker's activity lines. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { keepActivity } from "../../demo/activity.ts";

test("each session has its own lines, in the order they were logged, and other lines are nobody's", () => {
  const { log, of } = keepActivity();
  log("info", "activity", { session: "a", seq: 1, activity: "session_started" });
  log("info", "answered", { session: "a", status: 204 });
  log("info", "activity", { session: "b", seq: 1, activity: "session_started" });
  log("info", "activity", { session: "a", seq: 2, activity: "ws_connected" });
  assert.deepEqual(of("a"), [
    { seq: 1, activity: "session_started" },
    { seq: 2, activity: "ws_connected" },
  ]);
  assert.deepEqual(of("nobody"), []);
});

test("the newest 200 lines of the 200 sessions that were heard of last are kept", () => {
  const { log, of } = keepActivity();
  for (let session = 1; session <= 200; session += 1) log("info", "activity", { session: `s${session}`, seq: 1 });
  for (let seq = 2; seq <= 301; seq += 1) log("info", "activity", { session: "s1", seq });
  log("info", "activity", { session: "s201", seq: 1 });
  assert.deepEqual([of("s1").length, of("s1")[0]?.seq, of("s1").at(-1)?.seq], [200, 102, 301]);
  assert.equal(of("s2").length, 0);
  assert.equal(of("s3").length, 1);
});
