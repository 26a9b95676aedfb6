/** Days, groups and delivery of a transcript, and which messages are new. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Message } from "../../src/chat/message.ts";
import { createArrivals } from "../../src/element/arrivals.ts";
import { toPlaces } from "../../src/element/places.ts";

const NOON = new Date(2026, 4, 5, 12).getTime();
const MINUTE = 60_000;
let count = 0;
const message = (minutes: number, more: Partial<Message> = {}): Message => ({
  id: `m${++count}`,
  from: "agent",
  name: "Mira",
  text: "text",
  sentAt: NOON + minutes * MINUTE,
  ...more,
});
/** `|` a new day, brackets around a group, `!` with its delivery. */
const shape = (messages: Message[]): string =>
  toPlaces(messages)
    .map(({ day, first, last, delivery }, index) =>
      [day && "|", first && "[", messages[index]?.from[0], delivery && "!", last && "]"].filter(Boolean).join(""),
    )
    .join(" ");

describe("places in the transcript", () => {
  test("one writer without a pause is one group", () => {
    assert.equal(shape([message(0), message(1), message(9)]), "|[a a] [a]");
    assert.equal(shape([message(0), message(1, { name: "Otto" }), message(2, { from: "guest" })]), "|[a] [a] [g!]");
  });

  test("each day begins with its date", () => {
    assert.equal(shape([message(0), message(24 * 60)]), "|[a] |[a]");
  });

  test("what happened parts groups", () => {
    assert.equal(shape([message(0), message(1, { from: "system", happened: "left" }), message(2)]), "|[a] [s] [a]");
  });

  test("quick replies end their group: they stand below its last bubble", () => {
    const quickReplies = [{ text: "Yes", payload: "yes" }];
    assert.equal(shape([message(0), message(0, { quickReplies }), message(0)]), "|[a a] [a]");
    assert.equal(shape([message(0, { quickReplies: [] }), message(0)]), "|[a a]");
  });

  test("delivery is shown at the last own message and at each that failed", () => {
    const own = (delivery: Message["delivery"]) => message(0, { from: "guest", name: undefined, delivery });
    assert.equal(shape([own("failed"), own("sent"), own("sent"), own("unconfirmed")]), "|[g!] [g g!] [g!]");
  });
});

describe("arrivals", () => {
  test("what is there before the chat is live is not new, what comes after is, once", () => {
    const arrivals = createArrivals();
    const [old, fresh] = [message(0), message(2)];
    assert.deepEqual(arrivals([old], "connecting"), []);
    assert.deepEqual(arrivals([old], "live"), []);
    assert.deepEqual(arrivals([old, fresh], "live"), [fresh]);
    assert.deepEqual(arrivals([old, fresh], "live"), []);
  });

  test("earlier messages are not new, those missed in a gap are", () => {
    const arrivals = createArrivals();
    const [earlier, held, missed] = [message(0), message(1), message(2)];
    arrivals([held], "live");
    assert.deepEqual(arrivals([earlier, held], "live"), []);
    assert.deepEqual(arrivals([earlier, held, missed], "connecting"), [missed]);
  });

  test("an own text on its way is new at once", () => {
    const own = message(0, { from: "guest", delivery: "sending" });
    assert.deepEqual(createArrivals()([own], "connecting"), [own]);
  });

  test("of two answers in the same millisecond the second is told of, too, though its id stands before the first's", () => {
    const arrivals = createArrivals();
    const [first, second] = [message(2, { id: "b" }), message(2, { id: "a" })];
    arrivals([], "live");
    assert.deepEqual(arrivals([first], "live"), [first]);
    assert.deepEqual(arrivals([second, first], "live"), [second]);
  });
});
