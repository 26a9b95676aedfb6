/** A conversation over its whole life: restarts, refreshes, its end, who is there. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryStore } from "../../src/session/store.ts";
import { type FakeSocket, settle } from "../support/fake-platform.ts";
import { echoOf, fromAgent, problem, sentFrames, sessionAnswer, startScene } from "../support/guest-api-script.ts";

describe("coming back", () => {
  test("after a restart the transcript is there, and what was not sent is sent", async () => {
    const first = await startScene();
    await first.say("one", "a");
    await first.goLive([fromAgent(first.platform, "m1", "Hello")]);
    await first.platform.pass(10);
    await first.echo("a", "s1");
    await first.platform.pass(10);
    await first.say("two", "b");
    const second = await first.restart();
    assert.deepEqual(second.texts(), ["Hello", "one", "two"]);
    await second.goLive();
    assert.deepEqual(sentFrames(second.platform, "resume")[0]?.payload, { after: "s1" });
    assert.equal(sentFrames(second.platform, "message")[0]?.payload?.id, "b");
    assert.equal(second.platform.requests.length, 1, "fresh credentials are kept");
  });

  test("a text that lay unsent for more than a day asks before it goes", async () => {
    const first = await startScene();
    first.platform.answer = () => Promise.reject(new TypeError("offline"));
    await first.say("old", "a");
    first.session.stop();
    first.platform.jump(90_000_000);
    const second = await first.restart();
    assert.equal(second.session.chat.messages.get("a")?.error?.code, "CHAT_EXPIRED");
  });

  test("so does one that waited for a day in a hub that lived on without a connection; what was typed then goes", async () => {
    const scene = await startScene();
    const { answer } = scene.platform;
    scene.platform.answer = () => Promise.reject(new TypeError("offline"));
    await scene.say("old", "a");
    scene.platform.jump(90_000_000);
    await scene.say("new", "b");
    scene.platform.answer = answer;
    await scene.platform.pass(60_000);
    await scene.goLive();
    assert.equal(scene.session.chat.messages.get("a")?.error?.code, "CHAT_EXPIRED");
    assert.deepEqual(
      sentFrames(scene.platform, "message").map(({ payload }) => payload?.id),
      ["b"],
    );
  });

  test("records that are none are left aside (row 48)", async () => {
    const store = memoryStore();
    await store.put("messages", "x", { nonsense: true });
    await store.put("messages", "y", "garbage");
    await store.put("keep", "standing", { epoch: 5 });
    const { session } = await startScene({ store });
    assert.equal(session.chat.messages.size, 0);
    assert.equal(session.chat.state.phase, "idle");
  });
});

test("credentials that were asked for without a connection, and that nobody answers, hold up no connection", async () => {
  const { ask, goLive, platform, session } = await startScene();
  const { answer } = platform;
  platform.answer = (_url, _body, signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const asked = ask({ type: "open", connect: false }).then(
    () => "had",
    () => "not had",
  );
  await platform.pass(9_000);
  platform.answer = answer;
  void ask({ type: "open" });
  await platform.pass(1_000);
  assert.equal(await asked, "not had");
  await goLive();
  assert.equal(session.chat.state.phase, "live");
});

describe("refresh", () => {
  const isOpen = (socket?: FakeSocket) => socket?.closedWith === null;

  test("a token of 20 s is refreshed before it runs out, and the conversation goes on", async () => {
    const { ask, echo, goLive, platform, say, texts } = await startScene({ answer: { seconds: 20 } });
    await ask({ type: "open" });
    await goLive();
    await say("before", "a");
    await echo("a", "s1");
    await platform.pass(16_500);
    assert.match(platform.requests.at(-1)?.url ?? "", /\/refresh$/);
    assert.match(platform.requests.at(-1)?.headers.Authorization ?? "", /^Bearer ticket-/);
    assert.equal(platform.sockets.length, 2);
    await goLive();
    await say("after", "b");
    await echo("b", "s2");
    assert.deepEqual(texts(), ["before", "after"]);
  });

  test("makes before it breaks: the old connection is live until the next one is, and what is typed meanwhile goes out", async () => {
    const { ask, echo, goLive, platform, say, session, deliveries } = await startScene({ answer: { seconds: 20 } });
    await ask({ type: "open" });
    await goLive();
    const [old] = platform.sockets;
    const phases = new Set<string>();
    session.subscribe(() => phases.add(session.chat.state.phase));
    await platform.pass(16_500);
    await say("meanwhile", "a");
    assert.equal(old?.sent.filter(({ type }) => type === "message").length, 1);
    assert.ok(isOpen(old));
    await goLive([{ ...fromAgent(platform, "s1", "meanwhile"), from: "guest", clientId: "a" } as never]);
    await platform.pass(10);
    assert.ok(!isOpen(old));
    assert.deepEqual(deliveries(), ["sent"]);
    await say("after", "b");
    await echo("b", "s2");
    assert.deepEqual(deliveries(), ["sent", "sent"]);
    assert.deepEqual([...phases], ["live"]);
  });

  test("whose new connection does not come up leaves the old one in use, and tries again with the token it has", async () => {
    const { ask, goLive, platform, session } = await startScene({ answer: { seconds: 100 } });
    await ask({ type: "open" });
    await goLive();
    const [old] = platform.sockets;
    await platform.pass(80_500);
    assert.equal(platform.sockets.length, 2);
    await platform.pass(7_500);
    await platform.pass(1_000);
    assert.equal(platform.sockets.length, 3);
    assert.equal(platform.requests.length, 2);
    assert.equal(session.chat.state.phase, "live");
    assert.ok(isOpen(old));
    await goLive();
    await platform.pass(10);
    assert.ok(!isOpen(old));
    assert.equal(platform.sockets.length, 3);
  });

  test("a device whose clock is a quarter of an hour wrong refreshes at the right time all the same (row 21)", async () => {
    const { ask, goLive, platform } = await startScene({ answer: { seconds: 100, skew: -900_000 } });
    await ask({ type: "open" });
    await goLive();
    await platform.pass(79_000);
    assert.equal(platform.requests.length, 1);
    await platform.pass(2_000);
    assert.equal(platform.requests.length, 2);
  });

  test("a refresh that fails is tried again while the old connection stays in use (row 42)", async () => {
    const { ask, goLive, platform, session } = await startScene({ answer: { seconds: 100 } });
    await ask({ type: "open" });
    await goLive();
    platform.answer = () => problem(503, "upstream_unavailable");
    await platform.pass(80_500);
    assert.equal(session.chat.state.phase, "live");
    platform.answer = () => sessionAnswer(platform);
    await platform.pass(5_000);
    assert.equal(platform.sockets.length, 2);
  });

  test("a token that Genesys refuses is refreshed once, and then the guest is told (row 40)", async () => {
    const { ask, platform, session } = await startScene();
    await ask({ type: "open" });
    await platform.socket.open();
    await platform.socket.close(4401);
    await platform.pass(1_000);
    assert.match(platform.requests.at(-1)?.url ?? "", /\/refresh$/);
    await platform.socket.open();
    await platform.socket.close(4401);
    assert.equal(session.chat.state.phase, "failed");
    assert.equal(session.chat.state.reason?.code, "CHAT_CONNECTION_REFUSED");
  });

  test("a ticket that the broker no longer takes means a new session; what was said stays above a divider (row 42)", async () => {
    const { ask, goLive, platform, say, texts } = await startScene();
    await say("old", "a");
    await goLive();
    await platform.socket.send({ type: "message", payload: echoOf(platform, "a", "s1", "old") });
    platform.answer = (url) => (url.endsWith("/refresh") ? problem(401, "ticket_revoked") : sessionAnswer(platform));
    await platform.socket.close(4401);
    await platform.pass(2_000);
    assert.match(platform.requests.at(-1)?.url ?? "", /\/v1\/sessions$/);
    await goLive();
    await ask({ type: "send", text: "new" }, "b");
    assert.deepEqual(texts(), ["old", "new-conversation", "new"]);
  });
});

describe("the end", () => {
  test("when the agent ends the conversation it is read-only, nothing reconnects, and start-new begins another", async () => {
    const { ask, goLive, platform, session, texts } = await startScene();
    await ask({ type: "open" });
    await goLive([fromAgent(platform, "m1", "Bye")]);
    await platform.socket.send({ type: "presence", payload: { event: "ended" } });
    await platform.socket.close(1000);
    await platform.pass(600_000);
    assert.equal(session.chat.state.phase, "readonly");
    assert.equal(platform.sockets.length, 1);
    assert.deepEqual(texts(), ["Bye", "ended"]);

    await ask({ type: "start-new" });
    assert.equal(platform.requests.length, 2);
    await goLive([fromAgent(platform, "m2", "Hello again")]);
    assert.equal(session.chat.state.phase, "live");
    assert.deepEqual(texts(), ["Bye", "ended", "new-conversation", "Hello again"]);
  });

  test("what was still waiting when the conversation ended fails with its text kept", async () => {
    const { goLive, platform, say, session } = await startScene();
    await say("one", "a");
    await say("two", "b");
    await goLive();
    await platform.socket.send({ type: "presence", payload: { event: "ended" } });
    assert.equal(session.chat.messages.get("a")?.error?.code, "CHAT_ENDED");
    assert.equal(session.chat.messages.get("b")?.text, "two");
  });

  test("an ended conversation is still ended after a restart", async () => {
    const first = await startScene();
    await first.ask({ type: "open" });
    await first.goLive();
    await first.platform.socket.send({ type: "presence", payload: { event: "ended" } });
    const second = await first.restart();
    await second.ask({ type: "open" });
    assert.equal(second.session.chat.state.phase, "readonly");
    assert.equal(second.platform.sockets.length, 1);
  });

  test("the guest ends it himself", async () => {
    const { ask, goLive, platform } = await startScene();
    await ask({ type: "open" });
    await goLive();
    await ask({ type: "end" });
    assert.equal(sentFrames(platform, "terminate").length, 1);
  });

  test("ending without a connection gives up after 30 s with a reason", async () => {
    const { platform, session } = await startScene();
    const ended = session.dispatch({ id: "x", command: { type: "end" }, at: 0 });
    ended.catch(() => {});
    await platform.pass(30_001);
    await assert.rejects(ended, { code: "CHAT_OFFLINE" });
  });

  test("a session that has stopped leaves no timer behind", async () => {
    const { goLive, platform, say, session } = await startScene();
    await say("hi", "a");
    await goLive();
    session.stop();
    await settle();
    assert.equal(platform.timers, 0);
  });
});

test("a session that has to leave while a text goes to the disk opens no connection of its own any more", async () => {
  const store = memoryStore();
  const { goLive, platform, say, session } = await startScene({ store });
  await say("hi", "a");
  await goLive();
  const written: (() => void)[] = [];
  store.put = () => new Promise<void>((resolve) => void written.push(resolve));
  const sent = say("the last", "b");
  session.stop();
  for (const go of written) go();
  await sent;
  await platform.pass(60_000);
  assert.equal(platform.sockets.length, 1);
});

describe("who is there", () => {
  test("typing and presence of others are shown and end with their message", async () => {
    const { ask, goLive, platform, session, texts } = await startScene();
    await ask({ type: "open" });
    await goLive();
    await platform.socket.send({ type: "presence", payload: { event: "joined", name: "Mira" } });
    await platform.socket.send({ type: "typing", payload: { on: true, name: "Mira" } });
    assert.deepEqual(session.chat.state.typing, { name: "Mira" });
    await platform.socket.send({ type: "message", payload: fromAgent(platform, "m1", "Hello") });
    assert.equal(session.chat.state.typing, undefined);
    assert.equal(session.chat.state.answerer?.name, "Mira");
    assert.deepEqual(texts(), ["joined", "Hello"]);
  });

  test("the guest's typing is told at most every 5 s, and not at all without a connection", async () => {
    const { ask, goLive, platform } = await startScene();
    await ask({ type: "typing", on: true });
    await ask({ type: "open" });
    await goLive();
    for (let i = 0; i < 6; i += 1) {
      await ask({ type: "typing", on: true });
      await platform.pass(1_000);
    }
    assert.equal(sentFrames(platform, "typing").length, 2);
  });

  test("who writes on after a message is typing again, however soon", async () => {
    const { ask, echo, goLive, platform, say } = await startScene();
    await ask({ type: "open" });
    await goLive();
    await ask({ type: "typing", on: true });
    await say("hi", "a");
    await echo("a", "s1");
    await ask({ type: "typing", on: true });
    assert.equal(sentFrames(platform, "typing").length, 2);
  });

  test("what comes while the guest looks on is never counted as unread, in no tab and for no moment", async () => {
    const { ask, goLive, platform, restart, session } = await startScene();
    await ask({ type: "open" });
    await goLive();
    const counts = new Set<number>();
    session.subscribe(() => counts.add(session.chat.state.unread));
    await ask({ type: "visible", on: true });
    await platform.socket.send({ type: "message", payload: fromAgent(platform, "m1", "Hello") });
    assert.deepEqual([...counts], [0]);
    assert.equal(session.chat.state.seen, "m1");
    await ask({ type: "visible", on: false });
    await platform.socket.send({ type: "message", payload: fromAgent(platform, "m2", "Still there?") });
    assert.equal(session.chat.state.unread, 1);
    assert.equal((await restart()).session.chat.state.unread, 1, "after a reload, too");
  });

  test("unread counts what others wrote after what was seen", async () => {
    const { ask, goLive, platform, session } = await startScene();
    await ask({ type: "open" });
    await goLive([fromAgent(platform, "m1", "one")]);
    await ask({ type: "seen", message: "m1" });
    await platform.pass(10);
    await platform.socket.send({ type: "message", payload: fromAgent(platform, "m2", "two") });
    assert.equal(session.chat.state.unread, 1);
    await ask({ type: "seen", message: "m2" });
    assert.equal(session.chat.state.unread, 0);
  });

  test("what was seen before is told to nobody again: with fifty tabs open, each would make all of them listen", async () => {
    const { ask, goLive, platform, session } = await startScene();
    await ask({ type: "open" });
    await goLive([fromAgent(platform, "m1", "Hello")]);
    let told = 0;
    session.subscribe(() => {
      told += 1;
    });
    for (let tab = 0; tab < 50; tab += 1) await ask({ type: "seen", message: "m1" });
    assert.equal(told, 1);
  });
});
