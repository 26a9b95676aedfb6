/** Attributes of the page: what is set later goes along, and what is too large never leaves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startScene } from "../support/guest-api-script.ts";

test("attributes set later go along with the next session or refresh, in place of those from the start", async () => {
  const { ask, platform } = await startScene({ attributes: { plan: "gold", page: "/" } });
  await ask({ type: "set-attributes", attributes: { page: "/cart" } });
  await ask({ type: "open" });
  assert.deepEqual(platform.requests[0]?.body.attributes, { page: "/cart" });
});

test("attributes that are too large are refused with the largest named, and those before them stay", async () => {
  const { ask, platform } = await startScene({ attributes: { plan: "gold" } });
  await assert.rejects(ask({ type: "set-attributes", attributes: { cart: "x".repeat(10_240) } }), {
    code: "CHAT_ATTRIBUTES_TOO_LARGE",
    detail: /cart \(10242 bytes\)/,
  });
  await ask({ type: "open" });
  assert.deepEqual(platform.requests[0]?.body.attributes, { plan: "gold" });
});

test("attributes that are too large from the start stop the chat before anything is asked, and the text stays", async () => {
  const { platform, say, session, texts } = await startScene({ attributes: { cart: "😀".repeat(3_000) } });
  await say("hi", "a");
  assert.equal(session.chat.state.phase, "failed");
  assert.equal(session.chat.state.reason?.code, "CHAT_ATTRIBUTES_TOO_LARGE");
  assert.equal(platform.requests.length, 0);
  assert.deepEqual(texts(), ["hi"]);
});
