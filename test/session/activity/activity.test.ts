/** The activity of a real session, as the broker is told of it: in order through all that happens, and without a word of what is said. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ActivityEvent } from "../../../src/wire/activity.ts";
import { fromAgent, type Scene, startScene } from "../../support/guest-api-script.ts";

const reported = ({ reports }: Scene) => reports.flatMap(({ entries }) => entries);
const names = (scene: Scene) => reported(scene).map(({ event }) => event);

async function startTalk(given: Parameters<typeof startScene>[0] = {}): Promise<Scene> {
  const scene = await startScene(given);
  await scene.ask({ type: "open" });
  await scene.goLive();
  return scene;
}

/** Reports go over chunks and promises of the real dialect: as many turns as that takes. */
async function untilReported(scene: Scene, event: ActivityEvent, times = 1) {
  for (let turn = 0; turn < 2_000; turn += 1) {
    if (names(scene).filter((name) => name === event).length >= times) return;
    await new Promise(setImmediate);
  }
  assert.fail(`${event} was not reported, only ${names(scene)}`);
}

describe("what a session reports", () => {
  test("is a talk in the order in which it went, numbered from 1", async () => {
    const scene = await startTalk();
    await scene.say("Where is my parcel?", "a");
    await scene.echo("a", "m1");
    await scene.platform.socket.send({ type: "message", payload: fromAgent(scene.platform, "m2", "One moment") });
    await scene.platform.socket.send({ type: "presence", payload: { event: "ended" } });
    await scene.ask({ type: "visible", on: false });
    await untilReported(scene, "conversation_ended");
    assert.deepEqual(names(scene), [
      "ws_connecting",
      "session_started",
      "ws_connected",
      "ws_message_sent",
      "ws_message_received",
      "first_answer_received",
      "conversation_ended",
      "ws_disconnected",
    ]);
    assert.deepEqual(
      reported(scene).map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
  });

  test("goes on through a cut, a refresh and a reload, with rising numbers and nothing twice", async () => {
    let scene = await startTalk({ answer: { seconds: 600 } });
    await scene.platform.socket.close(1006);
    await scene.platform.pass(1_000);
    await scene.goLive();
    await scene.platform.pass(480_000);
    await scene.goLive();
    scene = await scene.restart();
    await scene.goLive();
    await scene.ask({ type: "visible", on: false });
    await untilReported(scene, "session_resumed");
    await untilReported(scene, "ws_connected", 3);
    const entries = reported(scene);
    assert.deepEqual(
      entries.map(({ seq }) => seq),
      entries.map((_, index) => index + 1),
    );
    const order = (["ws_waiting", "token_refreshed", "session_resumed"] as const).map((name) =>
      names(scene).indexOf(name),
    );
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(order[0] !== -1);
  });

  test("is not lost when the last tab closes without a word: it comes at the next start", async () => {
    const scene = await startTalk();
    await scene.say("hi", "a");
    await scene.echo("a", "m1");
    assert.deepEqual(reported(scene), []);
    const next = await scene.restart();
    await untilReported(next, "session_resumed");
    assert.ok(names(next).includes("ws_message_sent"));
    assert.equal(names(next).indexOf("session_started"), 1);
  });

  test("holds no text, no token, no name and no address", async () => {
    const scene = await startTalk({ attributes: { email: "ada@example.test" } });
    await scene.say("my password is swordfish", "a");
    await scene.echo("a", "m1");
    await scene.platform.socket.send({ type: "message", payload: fromAgent(scene.platform, "m2", "swordfish?") });
    await scene.platform.socket.close(4401, "swordfish");
    await scene.ask({ type: "visible", on: false });
    await untilReported(scene, "ws_disconnected");
    assert.doesNotMatch(JSON.stringify(scene.reports), /swordfish|ticket|guest-1|session-1|Mira|@|\.signature/);
  });

  test("ends with the termination, which no tab can ask about later", async () => {
    const scene = await startTalk();
    scene.platform.answer = () => new Response(null, { status: 204 });
    const metrics = await scene.ask({ type: "terminate" });
    assert.equal(names(scene).at(-1), "session_terminated");
    const { logs } = metrics as { logs: { event: string }[] };
    assert.equal(logs.at(-1)?.event, "session_terminated");
    const after = (await scene.ask({ type: "metrics" })) as { logs: unknown[] };
    assert.deepEqual(after.logs, []);
  });

  test("of a new conversation begins its durations anew", async () => {
    const scene = await startTalk();
    await scene.platform.pass(60_000);
    await scene.platform.socket.send({ type: "presence", payload: { event: "ended" } });
    await scene.ask({ type: "start-new" });
    await scene.goLive();
    await scene.platform.pass(5_000);
    const { duration_ms, connected_ms } = (await scene.ask({ type: "metrics" })) as Record<string, number>;
    assert.deepEqual([duration_ms, connected_ms], [5_000, 5_000]);
  });
});
