/** A session on a fake platform: what a guest would notice of connecting, sending, losing and ending. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryStore } from "../../src/session/store.ts";
import { settle } from "../support/fake-platform.ts";
import { echoOf, fromAgent, sentFrames, sessionAnswer, startScene } from "../support/guest-api-script.ts";

describe("connecting", () => {
  test("nothing is asked of anybody until the guest opens the chat", async () => {
    const { platform, session } = await startScene();
    await platform.pass(60_000);
    assert.equal(platform.requests.length, 0);
    assert.equal(session.chat.state.phase, "idle");
  });

  test("opening the chat creates a guest, opens one socket and is live after the replay", async () => {
    const { ask, goLive, platform, session } = await startScene();
    await ask({ type: "open" });
    assert.equal(session.chat.state.phase, "connecting");
    await goLive([fromAgent(platform, "m1", "Hello")]);
    assert.equal(session.chat.state.phase, "live");
    assert.deepEqual(
      platform.socket.sent.map(({ type }) => type),
      ["handshake", "resume"],
    );
    assert.equal(session.chat.messages.get("m1")?.text, "Hello");
  });

  test("a connection that is open and never answers the handshake is given up after 10 s (row 17)", async () => {
    const { ask, platform, session } = await startScene();
    await ask({ type: "open" });
    await platform.socket.open();
    await platform.pass(10_000);
    assert.equal(session.chat.state.phase, "waiting");
    await platform.pass(1_000);
    assert.equal(platform.sockets.length, 2);
  });

  test("an outage of half an hour costs fewer than 150 attempts (row 79)", async () => {
    const { ask, platform } = await startScene();
    await ask({ type: "open" });
    platform.openSocket = () => {
      throw new DOMException("blocked", "SecurityError");
    };
    platform.answer = () => Promise.reject(new TypeError("Failed to fetch"));
    await platform.socket.close(1006);
    const before = platform.requests.length;
    await platform.pass(30 * 60_000);
    assert.ok(platform.requests.length - before < 150);
  });

  test("an outage of half an hour with the chat out of sight is tried less often, and is over within 2 min (row 79)", async () => {
    const { ask, platform } = await startScene();
    await ask({ type: "visible", on: true });
    await ask({ type: "visible", on: false });
    platform.answer = () => Promise.reject(new TypeError("Failed to fetch"));
    platform.random = () => 0.999;
    await ask({ type: "open" });
    await platform.pass(1_800_000);
    assert.ok(platform.requests.length < 30, `${platform.requests.length} attempts`);
    platform.answer = () => sessionAnswer(platform);
    await platform.pass(120_000);
    assert.equal(platform.sockets.length, 1);
  });

  test("the network coming back is not waited for (row 25)", async () => {
    const { ask, platform } = await startScene();
    platform.answer = () => Promise.reject(new TypeError("Failed to fetch"));
    await ask({ type: "open" });
    for (let i = 0; i < 8; i += 1) await platform.pass(30_000);
    platform.answer = () => sessionAnswer(platform);
    await platform.wake();
    await platform.pass(1_000);
    assert.equal(platform.sockets.length, 1);
  });
});

describe("sending", () => {
  test("a text is on disk before its bubble is shown (row 5)", async () => {
    const store = memoryStore();
    let onDisk = () => {};
    const put = store.put;
    store.put = async (table, key, value) => {
      if (key === "a") await new Promise<void>((resolve) => (onDisk = resolve));
      return put(table, key, value);
    };
    const { platform, session } = await startScene({ store });
    void session.dispatch({ id: "a", command: { type: "send", text: "hi" }, at: platform.clock.now() });
    await settle();
    assert.equal(session.chat.messages.size, 0);
    onDisk();
    await settle();
    assert.equal(session.chat.messages.get("a")?.delivery, "sending");
    assert.equal(store.all("messages").length, 1);
  });

  test("a text is sent once the connection is live, and is sent when its echo has come", async () => {
    const { deliveries, echo, goLive, platform, say } = await startScene();
    await say("hi", "a");
    assert.deepEqual(deliveries(), ["sending"]);
    await goLive();
    assert.deepEqual(sentFrames(platform, "message")[0]?.payload, { id: "a", text: "hi" });
    await echo("a", "s1");
    assert.deepEqual(deliveries(), ["sent"]);
  });

  test("texts leave one after the other, in the order typed", async () => {
    const { echo, goLive, platform, say } = await startScene();
    await goLiveFirst();
    await say("one", "a");
    await say("two", "b");
    await say("three", "c");
    assert.equal(sentFrames(platform, "message").length, 1);
    await echo("a", "s1");
    await echo("b", "s2");
    assert.deepEqual(
      sentFrames(platform, "message").map(({ payload }) => payload?.text),
      ["one", "two", "three"],
    );
    async function goLiveFirst() {
      await say("zero", "z");
      await goLive();
      await echo("z", "s0");
      platform.socket.sent.length = 0;
    }
  });

  test("a text whose echo was lost with the line is not sent again when the replay shows it (row 1)", async () => {
    const { deliveries, goLive, platform, say } = await startScene();
    await say("hi", "a");
    await goLive();
    await platform.socket.close(1006);
    await platform.pass(1_000);
    await goLive([echoOf(platform, "a", "s1", "hi")]);
    assert.deepEqual(sentFrames(platform, "message"), []);
    assert.deepEqual(deliveries(), ["sent"]);
  });

  test("a text that never arrived is sent again with the same id (row 1)", async () => {
    const { goLive, platform, say } = await startScene();
    await say("hi", "a");
    await goLive();
    await platform.socket.close(1006);
    await platform.pass(1_000);
    await goLive();
    assert.deepEqual(sentFrames(platform, "message")[0]?.payload, { id: "a", text: "hi" });
  });

  test("a link that takes a text and gives no sign of life is left after 10 s (row 9)", async () => {
    const { goLive, platform, say } = await startScene();
    await say("hi", "a");
    await goLive([], { silent: true });
    await platform.pass(11_000);
    assert.equal(platform.sockets.length, 2);
  });

  test("a text whose echo is lost on a link that lives is not left at sending (row 3)", async () => {
    const { deliveries, goLive, platform, say } = await startScene();
    await say("hi", "a");
    await goLive();
    await platform.pass(11_000);
    assert.equal(platform.sockets.length, 2);
    await goLive([echoOf(platform, "a", "s1", "hi")]);
    assert.deepEqual(deliveries(), ["sent"]);
  });

  test("a text that is lost on its way up, on a link that lives, is sent again (row 2)", async () => {
    const { goLive, platform, say } = await startScene();
    await say("hi", "a");
    await goLive();
    await platform.pass(11_000);
    await goLive();
    assert.equal(sentFrames(platform, "message")[0]?.payload?.id, "a");
  });

  test("a text that the platform refuses fails with its reason, and those behind it go on (row 8)", async () => {
    const { deliveries, echo, goLive, platform, say, session } = await startScene();
    await say("bad", "a");
    await say("good", "b");
    await goLive();
    await platform.socket.send({
      type: "error",
      payload: { code: "message_too_long", message: "too long", inReplyTo: "a" },
    });
    await echo("b", "s1");
    assert.equal(session.chat.messages.get("a")?.error?.code, "CHAT_TEXT_TOO_LONG");
    assert.deepEqual(deliveries(), ["failed", "sent"]);
  });

  test("a failed text is sent again when the guest asks, and goes away when he cancels", async () => {
    const { ask, goLive, platform, say, session } = await startScene();
    await say("bad", "a");
    await goLive();
    const refuse = () =>
      platform.socket.send({ type: "error", payload: { code: "invalid_frame", message: "no", inReplyTo: "a" } });
    await refuse();
    await ask({ type: "retry", message: "a" });
    assert.equal(sentFrames(platform, "message").length, 2);
    await refuse();
    await ask({ type: "cancel", message: "a" });
    assert.equal(session.chat.messages.size, 0);
  });

  test("a text over the limit is shown as failed and never leaves", async () => {
    const { ask, goLive, platform, say, session } = await startScene();
    await ask({ type: "open" });
    await goLive();
    await say("x".repeat(201), "a");
    assert.equal(session.chat.messages.get("a")?.error?.code, "CHAT_TEXT_TOO_LONG");
    assert.deepEqual(sentFrames(platform, "message"), []);
  });

  test("an empty text is refused", async () => {
    const { ask } = await startScene();
    await assert.rejects(ask({ type: "send", text: " \n" }), { code: "CHAT_TEXT_EMPTY" });
  });

  test("a text repeated with the same id is one message", async () => {
    const { goLive, platform, say, session } = await startScene();
    await say("hi", "a");
    await goLive();
    await say("hi", "a");
    assert.equal(session.chat.messages.size, 1);
    assert.equal(sentFrames(platform, "message").length, 1);
  });

  test("a platform that is busy is left in peace for as long as it says, and the text follows (row 36)", async () => {
    const { goLive, platform, say } = await startScene();
    await say("hi", "a");
    await goLive();
    await platform.socket.send({
      type: "error",
      payload: { code: "rate_limited", message: "slow down", retryAfter: 5, inReplyTo: "a" },
    });
    await platform.pass(4_900);
    assert.equal(sentFrames(platform, "message").length, 1);
    await platform.pass(200);
    assert.equal(sentFrames(platform, "message").length, 2);
  });
});
