/** What the broker answers, and how attributes are measured. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { attributesBytes, findAnswerFault, largestAttributes } from "../../src/wire/broker-api.ts";

const good = {
  guestId: "g",
  sessionId: "s",
  guestToken: "a.b.c",
  expiresAt: 2,
  socketUrl: "wss://genesys.test/ws",
  ticket: "t",
  now: 1,
};

test("an answer as the profile has it passes", () => {
  assert.equal(findAnswerFault(good), null);
  assert.equal(findAnswerFault({ ...good, socketUrl: "ws://localhost/ws", newer: true }), null);
});

for (const field of Object.keys(good)) {
  test(`an answer without ${field}, or with a wrong one, is refused by that name`, () => {
    for (const value of [undefined, null, "", [], {}, Number.NaN, false]) {
      assert.equal(findAnswerFault({ ...good, [field]: value }), field);
    }
  });
}

test("a socket may only be a WebSocket", () => {
  for (const socketUrl of ["https://genesys.test/ws", "javascript:alert(1)", "//genesys.test/ws", "WS"]) {
    assert.equal(findAnswerFault({ ...good, socketUrl }), "socketUrl");
  }
});

test("what is no object at all is refused", () => {
  for (const body of [undefined, null, 7, "<html>", []]) assert.equal(findAnswerFault(body), "body");
});

test("attributes are measured in bytes of UTF-8, as Genesys counts them", () => {
  assert.equal(attributesBytes({}), 2);
  assert.equal(attributesBytes({ a: "x" }), 9);
  assert.equal(attributesBytes({ a: "é" }), 10);
  assert.equal(attributesBytes({ a: "😀" }), 12);
  assert.equal(attributesBytes({ "😀": "" }), 11);
});

test("the three largest attributes are named with their size, largest first, and not their content", () => {
  const attributes = {
    one: "1",
    emoji: "😀😀😀",
    none: undefined,
    big: "secret".repeat(9),
    middle: { list: [1, 2, 3] },
  };
  assert.deepEqual(largestAttributes(attributes), ["big (56 bytes)", "middle (16 bytes)", "emoji (14 bytes)"]);
});
