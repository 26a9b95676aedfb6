/** The end of a session that a guest or a site asks for: what is left of it here and at the broker. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryStore, type Table } from "../../src/session/store.ts";
import { fromAgent, problem, type Scene, sentFrames, sessionAnswer, startScene } from "../support/guest-api-script.ts";

async function startTalk(): Promise<Scene> {
  const scene = await startScene();
  await scene.ask({ type: "open" });
  await scene.goLive([fromAgent(scene.platform, "m1", "Hello")]);
  await scene.say("my secret", "a");
  await scene.echo("a", "m2");
  answerRevoke(scene, () => new Response(null, { status: 204 }));
  return scene;
}

/** Session calls are answered as ever, the DELETE as the test wants. */
function answerRevoke({ platform }: Scene, revoke: () => Response | Promise<Response>) {
  platform.answer = () => {
    const { method, url } = platform.requests.at(-1) ?? {};
    if (method === "DELETE") return revoke();
    return url?.endsWith("/activity") ? new Response(null, { status: 204 }) : sessionAnswer(platform);
  };
}

const rows = async ({ store }: Scene) =>
  (await Promise.all((["keep", "messages", "activity"] as Table[]).map((table) => store.all(table)))).flat();

const revocations = ({ platform }: Scene) => platform.requests.filter(({ method }) => method === "DELETE");

describe("terminating", () => {
  test("ends the conversation, closes as a widget that disconnects, and has the broker revoke the ticket", async () => {
    const scene = await startTalk();
    await scene.ask({ type: "terminate" });
    assert.equal(sentFrames(scene.platform, "terminate").length, 1);
    assert.deepEqual(scene.platform.socket.closedWith, { code: 1000, reason: "Widget disconnect" });
    assert.deepEqual(
      revocations(scene).map(({ url, headers }) => [url, headers.Authorization]),
      [["http://broker.test/v1/sessions", "Bearer ticket-1"]],
    );
  });

  test("leaves nothing in the store, and nothing of it in any tab", async () => {
    const scene = await startTalk();
    const { epoch } = scene.session.chat.state;
    await scene.ask({ type: "seen", message: "m1" });
    await scene.ask({ type: "terminate" });
    assert.deepEqual(await rows(scene), []);
    const { state, messages } = scene.session.chat;
    assert.equal(messages.size, 0);
    assert.deepEqual(
      [state.phase, state.seen, state.answerer, state.unread, state.textBytes],
      ["ended", undefined, undefined, 0, undefined],
    );
    assert.notEqual(state.epoch, epoch);
  });

  test("does not connect again, not even when the network comes back", async () => {
    const scene = await startTalk();
    await scene.ask({ type: "terminate" });
    await scene.platform.wake();
    await scene.platform.pass(600_000);
    assert.equal(scene.platform.sockets.length, 1);
    assert.equal(scene.session.chat.state.phase, "ended");
  });

  test("makes no new guest of a tab that still sends: its text fails, and nobody connects", async () => {
    const scene = await startTalk();
    await scene.ask({ type: "terminate" });
    await scene.ask({ type: "send", text: "too late" }, "late");
    await scene.platform.pass(600_000);
    const { error, delivery } = scene.session.chat.messages.get("late") ?? {};
    assert.deepEqual([delivery, error?.code], ["failed", "CHAT_ENDED"]);
    assert.equal(scene.platform.sockets.length, 1);
    assert.equal(scene.session.chat.state.phase, "ended");
  });

  test("is told to have failed where the broker cannot be reached, and has erased all the same", async () => {
    const scene = await startTalk();
    answerRevoke(scene, () => Promise.reject(new TypeError("Failed to fetch")));
    await assert.rejects(scene.ask({ type: "terminate" }), { code: "CHAT_BROKER_UNREACHABLE" });
    assert.deepEqual(await rows(scene), []);
    assert.equal(scene.session.chat.state.phase, "ended");
  });

  test("is done where the broker has forgotten the ticket already", async () => {
    const scene = await startTalk();
    answerRevoke(scene, () => problem(401, "ticket_revoked"));
    await scene.ask({ type: "terminate" });
    assert.equal(revocations(scene).length, 1);
  });

  test("asks nobody when there never was a session", async () => {
    const scene = await startScene();
    await scene.ask({ type: "terminate" });
    assert.equal(scene.platform.requests.length, 0);
    assert.equal(scene.session.chat.state.phase, "ended");
  });

  test("also revokes what is left after a conversation has ended by itself", async () => {
    const scene = await startTalk();
    await scene.platform.socket.send({ type: "presence", payload: { event: "ended" } });
    await scene.ask({ type: "terminate" });
    assert.equal(revocations(scene).length, 1);
    assert.deepEqual(await rows(scene), []);
  });

  test("a renewal that was under way brings nothing back", async () => {
    const scene = await startTalk();
    let answer = (_: Response) => {};
    const { platform } = scene;
    const { answer: before } = platform;
    platform.answer = (url, ...rest) =>
      url.endsWith("/refresh") ? new Promise<Response>((resolve) => (answer = resolve)) : before(url, ...rest);
    await platform.pass(3_400_000);
    assert.ok(platform.requests.at(-1)?.url.endsWith("/refresh"));
    await scene.ask({ type: "terminate" });
    answer(sessionAnswer(platform));
    await platform.pass(1_000);
    assert.deepEqual(await rows(scene), []);
    assert.equal(platform.sockets.length, 1);
  });

  test("a new conversation may begin, with a new guest", async () => {
    const scene = await startTalk();
    await scene.ask({ type: "terminate" });
    await scene.ask({ type: "start-new" });
    await scene.goLive();
    assert.equal(scene.session.chat.state.phase, "live");
    assert.deepEqual(scene.texts(), []);
    const created = scene.platform.requests.filter(
      ({ method, url }) => method === "POST" && url.endsWith("/v1/sessions"),
    );
    assert.equal(created.length, 2);
  });

  test("what a tab sends meanwhile is shown as failed, not taken into nothing", async () => {
    const scene = await startTalk();
    await scene.ask({ type: "terminate" });
    await scene.say("anybody?", "b");
    assert.deepEqual(scene.session.chat.messages.get("b")?.error, { code: "CHAT_ENDED" });
  });

  test("where the disk has refused a row before, memory is emptied too", async () => {
    const store = memoryStore();
    await store.put("messages", "x", { id: "x" });
    await store.clear();
    assert.deepEqual(store.all("messages"), []);
  });
});
