/** A text on its way, over real sockets that fail it: it arrives once, and is shown once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore, type Store } from "../../src/session/store.ts";
import { allSent, assertWhole, startTalk } from "../support/real-talk.ts";

const sentUp = { kind: "frame", direction: "in", action: "message" };
const echoed = { kind: "frame", direction: "out", action: "message" };

test("the socket dies with a text on it that never arrived: the text goes again, and those behind it follow (row 1)", async () => {
  const talk = await startTalk();
  await talk.fault(sentUp, { closeCode: 1006 }, 1);
  for (const text of ["one", "two", "three"]) await talk.say(text);
  await talk.until(() => allSent(talk));
  await assertWhole(talk, ["one", "two", "three"]);
  assert.equal(talk.sockets.length, 2);
});

test("the socket dies with a text on it that did arrive: the replay shows it, and it does not go again (row 1)", async () => {
  const talk = await startTalk();
  await talk.fault(echoed, { closeCode: 1006 }, 1);
  for (const text of ["one", "two"]) await talk.say(text);
  await talk.until(() => allSent(talk));
  await assertWhole(talk, ["one", "two"]);
  const up = (await talk.log()).filter(({ direction, type }) => direction === "in" && type === "message");
  assert.equal(up.length, 2);
});

test("the network is reset in the middle of a text's frame: the server has it once, after all (row 2)", async () => {
  const talk = await startTalk();
  talk.proxy.up.resetAfterBytes = 40;
  await talk.say("a text that is much longer than forty bytes of a frame");
  await talk.until(() => talk.sockets.length === 2);
  assert.deepEqual(await talk.arrived(), []);
  await talk.until(() => allSent(talk));
  await assertWhole(talk, ["a text that is much longer than forty bytes of a frame"]);
});

test("the server has the text and its echo is lost on a link that lives: it is sent, and not sent again (row 3)", async () => {
  const talk = await startTalk();
  await talk.fault(echoed, { suppress: true }, 1);
  await talk.say("once");
  await talk.until(() => allSent(talk));
  await assertWhole(talk, ["once"]);
  const up = (await talk.log()).filter(({ direction, type }) => direction === "in" && type === "message");
  assert.equal(up.length, 1);
});

test("an echo is 40 s late, and then comes twice: one bubble, which is sent long before (row 4)", async () => {
  const talk = await startTalk();
  const began = talk.platform.clock.monotonic();
  await talk.fault(echoed, { delayMs: 40_000 }, 1);
  const id = await talk.say("late");
  await talk.until(() => allSent(talk));
  assert.ok(talk.platform.clock.monotonic() - began < 40_000);
  const [echo] = (await talk.state()).sessions.at(-1)?.messages ?? [];
  assert.equal(echo?.clientId, id);
  const again = { id: echo.id, clientId: id, from: "guest", text: "late", sentAt: new Date(began).toISOString() };
  await talk.fault(echoed, { inject: { type: "message", payload: again } }, 2);
  await talk.agentSays("hello", "hello again");
  await talk.until(() => talk.texts().length === 3);
  await talk.until(async () => (await talk.log()).filter(({ fault }) => fault).length >= 3);
  await talk.say("next");
  await talk.until(allSent.bind(null, talk));
  assert.deepEqual([...talk.texts()].sort(), ["hello", "hello again", "late", "next"]);
});

test("the echo is there before the disk has the text: one bubble, and it is sent (row 5)", async () => {
  let release = () => {};
  const slow = memoryStore();
  const { put } = slow;
  const store: Store = {
    ...slow,
    async put(table, key, value) {
      if (table === "messages" && (value as { delivery?: string }).delivery === "sending") {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return put(table, key, value);
    },
  };
  const talk = await startTalk({ store });
  const id = talk.platform.randomId();
  // A hub that has died had sent it; the tab repeats it to this one, whose disk is slow.
  const kept = talk.dispatch({ type: "send", text: "twice told" }, id);
  const echo = { id: "s-1", clientId: id, from: "guest", text: "twice told", sentAt: new Date().toISOString() };
  await talk.fault({ kind: "frame", direction: "out" }, { inject: { type: "message", payload: echo } }, 1);
  await talk.agentSays("Hello");
  await talk.until(() => talk.texts().includes("twice told"));
  release();
  await kept;
  await talk.until(() => allSent(talk));
  assert.deepEqual([...talk.texts()].sort(), ["Hello", "twice told"]);
});
