/** Who gets a socket of web messaging, and what may be asked before a session is configured. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "../support.ts";
import { createWireBench } from "./bench.ts";
import { assertFrame } from "./stage.ts";
import { DEPLOYMENT } from "./support.ts";

const statusOf = (upgrade: object) => ("refused" in upgrade ? upgrade.refused : 101);

describe("the socket of web messaging", () => {
  test("is refused with 403 to a deployment that is unknown, not named, or not active", () => {
    const bench = createWireBench();
    assert.equal(statusOf(bench.connect()), 101);
    assert.equal(statusOf(bench.connect("deploymentId=unknown")), 403);
    assert.equal(statusOf(bench.connect("")), 403);
    assert.equal(statusOf(createWireBench({ status: "Inactive" }).connect()), 403);
  });

  test("is refused with 403 to a page of another domain, by host name alone", () => {
    const bench = createWireBench({ allowedDomains: ["Shop.example"] });
    const from = (origin?: string) => statusOf(bench.connect(`deploymentId=${DEPLOYMENT}`, origin));
    for (const origin of ["https://shop.example", "http://shop.example:81", "https://WWW.shop.example"]) {
      assert.equal(from(origin), 101, origin);
    }
    for (const origin of ["https://shop.example.evil.example", "https://myshop.example", "null", "https://"]) {
      assert.equal(from(origin), 403, origin);
    }
    assert.equal(from("sandbox.test"), 101, "a mobile client names the bare host");
    assert.equal(statusOf(createWireBench({ allowedDomains: [] }).connect()), 403);
  });

  test("is refused with 429 when a deployment has too many new ones in a minute", () => {
    const bench = createWireBench({ limits: { connectionsPerMinute: 1 } });
    assert.equal(statusOf(bench.connect()), 101);
    assert.equal(statusOf(bench.connect()), 429);
    bench.clock.move(60_000);
    assert.equal(statusOf(bench.connect()), 101);
  });

  test("is refused with 503 like any other when the sandbox is told so, and an address that is none with 404", async () => {
    const bench = createWireBench();
    assert.equal(statusOf(bench.sandbox.connect({ url: "/v2", host: "sandbox.test" })), 404);
    assert.equal(statusOf(bench.sandbox.connect({ url: "//[", host: "[" })), 404);
    await bench.call("POST", "/sandbox/settings", { refuseSockets: true });
    assert.equal(statusOf(bench.connect()), 503);
  });

  test("says nothing on open, and answers 4007 to what needs a session", () => {
    const bench = createWireBench();
    const guest = bench.open();
    assert.deepEqual(guest.frames, []);
    const message = { type: "Text", text: "Hello" };
    for (const [action, fields] of [
      ["onMessage", { message }],
      ["echo", {}],
      ["getJwt", {}],
      ["closeSession", {}],
      ["getAttachment", { attachmentId: "x" }],
    ] as const) {
      assertFrame(guest.answer(guest.send(action, fields)), "error.4007.sessionNotFound");
    }
  });

  test("tells its limits before a session is configured", () => {
    const guest = createWireBench().open();
    const answer = guest.answer(guest.send("getConfiguration", { deploymentId: DEPLOYMENT }));
    assertFrame(answer, "getConfigurationResponse");
    const other = guest.answer(guest.send("getConfiguration", { deploymentId: "other" }));
    assertFrame(other, "error.404.notFound");
  });

  test("gives nobody the session of another token, nor of another deployment", () => {
    const bench = createWireBench();
    const guest = bench.join();
    const stranger = bench.join();
    const message = { type: "Text", text: "I am somebody else" };
    assert.equal(stranger.answer(stranger.send("onMessage", { token: guest.token, message })).code, 4007);
    assert.equal(stranger.answer(stranger.send("echo", { token: guest.token })).code, 4007);
    assert.equal(guest.of("StructuredMessage").length, 0);
    assertFrame(stranger.configure({ deploymentId: "other" }), "error.404.notFound");
  });

  test("names the field that is missing, as an object", () => {
    const guest = createWireBench().join();
    const refused = guest.answer(guest.send("onMessage", { message: { type: "Text" } }));
    assertFrame(refused, "error.object");
    assert.equal(refused.body.errorCode, 4020);
    assert.match(refused.body.errorMessage, /message\.text/);
  });
});

describe("what a deployment has not", () => {
  const typing = { type: "Event", events: [{ eventType: "Typing", typing: { type: "On" } }] };
  const clear = { type: "Event", events: [{ eventType: "Presence", presence: { type: "Clear" } }] };

  test("is refused with 403 and the texts that clients look for: typing, clearing", () => {
    const guest = createWireBench({ typing: { guest: false }, clear: false }).join();
    assertFrame(guest.answer(guest.send("onMessage", { message: typing })), "error.403.typingForbidden");
    const refused = guest.answer(guest.send("onMessage", { message: clear }));
    assertFrame(refused, "error.403.clearNotSupported");
    assert.match(refused.body, /conversation clear/i);
  });

  test("is refused: attachments with 4000, signing in with 403", async () => {
    const guest = createWireBench({ fileUpload: { enableAttachments: false } }).join();
    const file = { fileName: "a.png", fileType: "image/png", fileSize: 1 };
    assert.equal(guest.answer(guest.send("onAttachment", file)).code, 4000);
    const configure = { deploymentId: DEPLOYMENT, data: { code: "x" } };
    const id = guest.send("configureAuthenticatedSession", configure);
    await until("an answer", () => guest.frames.at(-1)?.tracingId === id);
    assertFrame(guest.answer(id), "error.403.forbidden");
  });

  test("cannot be had from an old conversation: after the agent has left only clearing and history go on", async () => {
    const bench = createWireBench();
    const guest = bench.join();
    await bench.agent({ do: "leave" });
    const file = { fileName: "a.png", fileType: "image/png", fileSize: 1 };
    assertFrame(guest.answer(guest.send("onMessage", { message: typing })), "error.409.readOnly");
    assertFrame(guest.answer(guest.send("onAttachment", file)), "error.409.readOnly");
    guest.send("onMessage", { message: clear });
    assert.equal(guest.of("SessionClearedEvent").length, 1);
  });
});
