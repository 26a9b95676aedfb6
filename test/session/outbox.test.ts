/** The outbox: first in, first out, one in flight until its echo; what is in doubt, and what waits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RateLimit } from "../../src/chat/event.ts";
import type { Message } from "../../src/chat/message.ts";
import { createOutbox } from "../../src/session/outbox.ts";
import { createRate } from "../../src/session/rate-limit.ts";
import { createFakePlatform } from "../support/fake-platform.ts";

function start(...ids: string[]) {
  const platform = createFakePlatform();
  const pending = ids.map((id, n): Message => ({ id, from: "guest", text: id, sentAt: n, delivery: "sending" }));
  const messages = new Map(pending.map((message) => [message.id, message]));
  const limits: RateLimit[] = [];
  const rate = createRate(platform.clock, () => limits);
  const outbox = createOutbox({ clock: platform.clock, rate: () => rate, messages });
  for (const id of ids) outbox.add(id);
  const sent: string[] = [];
  const doubts: number[] = [];
  const carrier = {
    transmit({ id }: Message) {
      rate.sent();
      sent.push(id);
    },
    doubt: () => void doubts.push(platform.clock.monotonic()),
  };
  return {
    doubts,
    messages,
    outbox,
    platform,
    limits,
    rate,
    /** Another text is typed, or one once more. */
    type(id: string) {
      messages.set(id, { id, from: "guest", text: id, sentAt: 99, delivery: "sending" });
      outbox.add(id);
    },
    sent,
    goLive() {
      outbox.attach(carrier);
      outbox.next();
    },
    /** As the session does: delivered first, told then. */
    land(id: string, delivery: Message["delivery"] = "sent") {
      messages.set(id, { ...(messages.get(id) as Message), delivery });
      outbox.landed(id);
    },
    /** The guest takes it away. */
    drop: (id: string) => messages.delete(id),
  };
}

test("nothing is sent without a connection", () => {
  const { outbox, sent } = start("a");
  outbox.next();
  assert.deepEqual(sent, []);
});

test("texts go one at a time, each after the echo of the one before", () => {
  const { goLive, land, outbox, sent } = start("a", "b", "c");
  goLive();
  outbox.next();
  assert.deepEqual(sent, ["a"]);
  land("a");
  assert.deepEqual(sent, ["a", "b"]);
  land("b");
  land("c");
  assert.deepEqual(sent, ["a", "b", "c"]);
});

test("an echo of something that is not in flight lets nothing pass", () => {
  const { goLive, outbox, sent } = start("a", "b");
  goLive();
  outbox.landed("from another life");
  assert.deepEqual(sent, ["a"]);
});

test("what was in flight when the connection went is in doubt, and goes first on the next", () => {
  const { goLive, outbox, sent } = start("a", "b");
  goLive();
  outbox.detach();
  outbox.next();
  assert.deepEqual(sent, ["a"]);
  goLive();
  assert.deepEqual(sent, ["a", "a"]);
});

test("what the replay has acknowledged is not in doubt any more", () => {
  const { goLive, land, outbox, sent } = start("a", "b");
  goLive();
  outbox.detach();
  land("a");
  goLive();
  assert.deepEqual(sent, ["a", "b"]);
});

test("a text without an echo for 10 s puts the link in doubt, once", async () => {
  const { doubts, goLive, land, platform } = start("a");
  goLive();
  await platform.pass(9_999);
  assert.deepEqual(doubts, []);
  await platform.pass(60_000);
  assert.deepEqual(doubts, [10_000]);
  land("a");
});

test("an echo in time leaves the link in peace, and no timer behind", async () => {
  const { doubts, goLive, land, platform } = start("a");
  goLive();
  land("a");
  assert.equal(platform.timers, 0);
  await platform.pass(60_000);
  assert.deepEqual(doubts, []);
});

test("while the platform asks for a pause nothing goes out, and what was in flight goes again after it", async () => {
  const { doubts, goLive, outbox, platform, sent } = start("a", "b");
  goLive();
  outbox.pause(5_000);
  outbox.next();
  await platform.pass(4_999);
  assert.deepEqual(sent, ["a"]);
  await platform.pass(1);
  assert.deepEqual(sent, ["a", "a"]);
  assert.deepEqual(doubts, []);
});

test("a pause outlives the connection, and a longer one replaces a shorter", async () => {
  const { goLive, outbox, platform, sent } = start("a");
  goLive();
  outbox.pause(1_000);
  outbox.pause(8_000);
  outbox.detach();
  goLive();
  await platform.pass(7_999);
  assert.deepEqual(sent, ["a"]);
  await platform.pass(1);
  assert.deepEqual(sent, ["a", "a"]);
});

test("no more go out in any while than the platform takes, and the rest follows by itself", async () => {
  const { goLive, land, limits, platform, sent } = start("a", "b", "c", "d", "e");
  limits.push({ count: 2, ms: 60_000 });
  goLive();
  land("a");
  await platform.pass(20_000);
  assert.deepEqual(sent, ["a", "b"]);
  land("b");
  await platform.pass(39_999);
  assert.deepEqual(sent, ["a", "b"]);
  await platform.pass(1);
  assert.deepEqual(sent, ["a", "b", "c"]);
});

test("where the platform has two limits, both are kept", async () => {
  const ids = Array.from({ length: 9 }, (_, n) => `m${n}`);
  const { goLive, land, limits, platform, sent } = start(...ids);
  limits.push({ count: 2, ms: 1_000 }, { count: 5, ms: 60_000 });
  goLive();
  const at: number[] = [];
  for (const id of ids) {
    for (let tenths = 0; sent.at(-1) !== id; tenths += 1) {
      assert.ok(tenths < 1_000, `${id} never went`);
      await platform.pass(100);
    }
    at.push(platform.clock.monotonic());
    land(id);
  }
  const begun = at[0] ?? 0;
  assert.deepEqual(
    at.map((time) => time - begun),
    [0, 0, 1_000, 1_000, 2_000, 60_000, 60_000, 61_000, 61_000],
  );
});

test("each refusal halves what goes out in a while, and echoes add to it again", async () => {
  const ids = Array.from({ length: 60 }, (_, n) => `m${n}`);
  const { goLive, land, outbox, limits, platform, sent } = start(...ids);
  limits.push({ count: 120, ms: 60_000 });
  goLive();
  for (const id of ids.slice(0, 19)) land(id);
  assert.equal(sent.length, 20);
  outbox.pause(60_000);
  await platform.pass(60_000);
  for (const id of ids.slice(19, 30)) land(id);
  assert.equal(sent.length, 20 + 10);
  await platform.pass(60_000);
  for (const id of ids.slice(30)) land(id);
  assert.equal(sent.length, 20 + 10 + 11);
});

test("what was typed first has its turn first, and what is sent again goes to the end", () => {
  const { goLive, land, outbox, sent, type } = start("a", "b");
  land("a", "failed");
  type("c");
  type("a");
  assert.equal(outbox.first()?.id, "b");
  goLive();
  for (const id of ["b", "c", "a"]) land(id);
  assert.deepEqual(sent, ["b", "c", "a"]);
  assert.equal(outbox.first(), undefined);
});

test("what has failed or was erased holds up nobody", () => {
  const { drop, goLive, land, sent } = start("a", "b", "c");
  land("a", "failed");
  drop("b");
  goLive();
  assert.deepEqual(sent, ["c"]);
});

test("a line of thousands is not looked through for each of them", () => {
  const many = Array.from({ length: 5_000 }, (_, n) => `${n}`);
  const { goLive, land, messages, outbox, sent, type } = start(...many);
  let looked = 0;
  const get = messages.get.bind(messages);
  messages.get = (id) => {
    looked += 1;
    return get(id);
  };
  for (let n = 5_000; n < 10_000; n++) {
    type(`${n}`);
    outbox.next();
  }
  goLive();
  for (let n = 0; n < 10_000; n++) land(`${n}`);
  assert.equal(sent.length, 10_000);
  assert.ok(looked < 50_000, `${looked} looks`);
});

test("requests that are no messages use up what the platform takes in a minute, and hold no text for a second", async () => {
  const { goLive, land, limits, outbox, platform, rate, sent } = start("a", "b", "c");
  limits.push({ count: 2, ms: 1_000 }, { count: 5, ms: 60_000 });
  rate.sent(false);
  rate.sent(false);
  goLive();
  land("a");
  assert.deepEqual(sent, ["a", "b"]);
  land("b");
  await platform.pass(1_000);
  assert.deepEqual(sent, ["a", "b", "c"]);
  land("c");
  outbox.next();
  assert.ok(rate.wait() > 50_000);
});
