/** What the activity log keeps over its own end, and nothing that is not what it should be. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadActivity, saveTally } from "../../../src/session/activity/saved-activity.ts";
import { load, type Standing, saveStanding } from "../../../src/session/saved.ts";
import { memoryStore } from "../../../src/session/store.ts";

const tally = { reported: 3, duration_ms: 40, connected_ms: 30, visible_ms: 20, asked: 10 };
const entry = (seq: number) => ({ seq, timestamp: "2026-11-22T12:00:00.000Z", event: "ws_connected", details: {} });

const standing: Standing = {
  epoch: "e",
  readonly: false,
  skew: -5,
  seen: "m1",
  credentials: { url: "ws://x", issuedAt: 1, expiresAt: 2, secrets: { ticket: "t" } },
};

describe("what is kept", () => {
  test("is in the order of its numbers, beside the standing", async () => {
    const store = memoryStore();
    await saveStanding(store, standing);
    await saveTally(store, tally);
    for (const seq of [10, 9, 100]) await store.put("activity", `${seq}`, entry(seq));
    assert.deepEqual(loadActivity(store), { tally, entries: [entry(9), entry(10), entry(100)] });
    assert.deepEqual(load(store).standing, standing);
  });

  test("is what was counted then, however it counts on", async () => {
    const store = memoryStore();
    const counting = { ...tally };
    await saveTally(store, counting);
    counting.duration_ms += 1;
    assert.deepEqual(loadActivity(store).tally, tally);
  });
});

describe("a record that is none is left aside", () => {
  const garbage: unknown[] = [undefined, null, 0, "x", [], {}, { id: "x" }, { id: 7, from: "agent", sentAt: 1 }];

  test("among entries of activity", async () => {
    const store = memoryStore();
    const wrong = [
      { ...entry(1), seq: "1" },
      { ...entry(1), timestamp: 1 },
      { ...entry(1), details: [] },
    ];
    for (const [n, record] of [...garbage, ...wrong].entries()) await store.put("activity", `garbage ${n}`, record);
    await store.put("activity", "2", entry(2));
    assert.deepEqual(loadActivity(store).entries, [entry(2)]);
  });

  test("as what was counted", async () => {
    const wrong = [
      ...garbage,
      { ...tally, reported: "3" },
      { ...tally, duration_ms: null },
      { ...tally, asked: "then" },
    ];
    for (const record of wrong) {
      const store = memoryStore();
      await store.put("keep", "activity", record);
      assert.equal(loadActivity(store).tally, undefined, JSON.stringify(record));
    }
  });
});
