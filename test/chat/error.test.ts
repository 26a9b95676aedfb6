/** Errors: each code has something to say to the site owner and to the guest, and survives a port. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADVICE, type ChatErrorCode } from "../../src/chat/advice.ts";
import { ChatError, fromErrorData } from "../../src/chat/error.ts";
import { Failure, toErrorData } from "../../src/chat/failure.ts";

test("every code has a sentence for the guest and one that the site owner can act on", async () => {
  for (const code of Object.keys(ADVICE) as ChatErrorCode[]) {
    const error = new ChatError(code);
    assert.match(error.guest, /^[A-Z].*[.!]$/, code);
    assert.match(await error.explain(), /^[A-Z].*\.$/, code);
    assert.doesNotMatch(error.guest, /broker|Genesys|CHAT_|token|WebSocket/i, `${code} speaks to a guest`);
  }
});

test("a code and its detail are what the console shows", () => {
  assert.equal(new ChatError("CHAT_BROKER_UNREACHABLE", "http://x").message, "CHAT_BROKER_UNREACHABLE: http://x");
  assert.equal(new ChatError("CHAT_ENDED").message, "CHAT_ENDED");
});

test("an error crosses a port and comes back as it was", () => {
  const { code, detail } = fromErrorData(structuredClone(toErrorData(new Failure("CHAT_REFUSED", "400 x"))));
  assert.deepEqual({ code, detail }, { code: "CHAT_REFUSED", detail: "400 x" });
});

test("what nobody foresaw is an internal error with what is known of it", () => {
  assert.equal(toErrorData(new TypeError("x is not a function")).code, "CHAT_INTERNAL");
  assert.match(toErrorData(new TypeError("x is not a function")).detail ?? "", /x is not a function/);
  assert.equal(toErrorData(undefined).code, "CHAT_INTERNAL");
});

test("a code of a newer version has sentences all the same", async () => {
  const error = fromErrorData({ code: "CHAT_FROM_TOMORROW" as ChatErrorCode });
  assert.match(error.guest, /./);
  assert.equal(await error.explain(), "");
});
