/** The guest API's errands: what is sent to the broker, and what each of its answers becomes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Identity } from "../../src/chat/profile.ts";
import { createGuestApi } from "../../src/protocols/guest-api/guest-api.ts";
import type { Credentials, ReportEntry } from "../../src/session/protocol.ts";
import { ACTIVITY_DETAILS, ACTIVITY_EVENTS, type ActivityEntry } from "../../src/wire/activity.ts";
import { ID_TOKEN_MAX } from "../../src/wire/profile.ts";
import { assertContains } from "../support/contains.ts";
import { createFakePlatform, START } from "../support/fake-platform.ts";
import { problem } from "../support/guest-api-script.ts";
import { failureOf } from "./errands-contract.ts";

const BROKER = "http://broker.test";
const ISSUER = "https://login.example/tenant";
const timestamp = "2026-11-22T12:00:00.000Z";
const credentials: Credentials = {
  url: "ws://genesys.test/socket",
  issuedAt: 1,
  expiresAt: 2,
  secrets: { guestToken: "guest-token", ticket: "ticket-1" },
};
const identity = { idToken: "a.b.c", nonce: "nonce-1" };
const answered = {
  providerId: ISSUER,
  email: "person@mail.example",
  syncedAt: timestamp,
  ticket: "ticket-2",
  now: START,
};

async function start(answer: () => Response = () => Response.json(answered)) {
  const platform = createFakePlatform();
  platform.answer = answer;
  const errands = await createGuestApi({ broker: BROKER }).openErrands(platform);
  return { platform, ...errands };
}

describe("a profile", () => {
  test("is asked for with the ticket and the identity alone, and its new ticket replaces the old", async () => {
    const { identify, platform } = await start();
    const more = { ...identity, email: "eve@mail.example", guestId: "another" };
    const answer = await identify(more, credentials);
    const { method, url, headers, body } = platform.requests[0] ?? assert.fail();
    assert.deepEqual([method, url, headers.Authorization], ["PUT", `${BROKER}/v1/profile`, "Bearer ticket-1"]);
    assert.deepEqual(body, identity);
    assert.deepEqual(answer.credentials, {
      ...credentials,
      secrets: { guestToken: "guest-token", ticket: "ticket-2" },
    });
    assert.deepEqual(answer.profile, { providerId: ISSUER, email: "person@mail.example", syncedAt: timestamp });
  });

  test("that the caller vouches for is sent as it is", async () => {
    const { identify, platform } = await start();
    const vouched = { providerId: "crm", email: "person@mail.example" };
    await identify(vouched, credentials);
    assert.deepEqual(platform.requests[0]?.body, vouched);
  });

  const wrong: [what: string, identity: unknown, named: string][] = [
    ["no object", "a.b.c", "an object"],
    ["nothing in it", {}, "idToken"],
    ["an ID token that is no text", { idToken: 7, nonce: "n" }, "idToken"],
    ["an empty ID token", { idToken: "", nonce: "n" }, "idToken"],
    ["an ID token over 8 KB", { idToken: "x".repeat(ID_TOKEN_MAX + 1), nonce: "n" }, "idToken"],
    ["no nonce", { idToken: "a.b.c" }, "nonce"],
    ["a nonce too long", { idToken: "a.b.c", nonce: "n".repeat(257) }, "nonce"],
    ["an authorization code", { code: "c", redirectUri: "u", codeVerifier: "v", nonce: "n" }, "idToken"],
    ["no e-mail beside the provider", { providerId: "crm" }, "email"],
    ["an empty provider", { providerId: "", email: "e@mail.example" }, "providerId"],
    ["what only a prototype has", Object.create(identity), "idToken"],
  ];
  for (const [what, given, named] of wrong) {
    test(`of ${what} never leaves, and the error names ${named} and not what is in it`, async () => {
      const { identify, platform } = await start();
      const { code, detail, circumstances } = await failureOf(identify(given as Identity, credentials));
      assert.equal(code, "CHAT_CONFIGURATION");
      assert.equal(detail, `identity: ${named} is missing or malformed`);
      assert.equal(circumstances.decision?.do, "stop");
      assert.equal(platform.requests.length, 0);
    });
  }

  test("with an ID token of exactly 8 KB is sent", async () => {
    const { identify, platform } = await start();
    await identify({ idToken: "x".repeat(ID_TOKEN_MAX), nonce: "n" }, credentials);
    assert.equal(platform.requests.length, 1);
  });

  const refusals: [status: number, problem: string, code: string, decision: string | undefined][] = [
    [410, "guest_gone", "CHAT_REFUSED", "refresh"],
    [401, "ticket_invalid", "CHAT_REFUSED", "refresh"],
    [401, "ticket_revoked", "CHAT_REFUSED", "refresh"],
    [404, "not_configured", "CHAT_UNSUPPORTED", "stop"],
    [400, "id_token_invalid", "CHAT_SIGN_IN_REFUSED", "stop"],
    [409, "id_token_used", "CHAT_SIGN_IN_REFUSED", "stop"],
    [400, "attributes_too_large", "CHAT_ATTRIBUTES_TOO_LARGE", undefined],
    [403, "origin_not_allowed", "CHAT_NOT_ALLOWED", undefined],
    [400, "invalid_request", "CHAT_REFUSED", undefined],
    [404, "not_found", "CHAT_REFUSED", undefined],
    [400, "constructor", "CHAT_REFUSED", undefined],
    [429, "rate_limited", "CHAT_UNAVAILABLE", undefined],
    [502, "provider_unavailable", "CHAT_UNAVAILABLE", undefined],
    [502, "upstream_refused", "CHAT_UNAVAILABLE", undefined],
  ];
  for (const [status, name, code, decision] of refusals) {
    test(`that is refused with ${name} is ${code}${decision ? `: ${decision}` : ""}`, async () => {
      const { identify } = await start(() => problem(status, name, { detail: "Because.", retryAfter: 10 }));
      const failure = await failureOf(identify(identity, credentials));
      assert.deepEqual([failure.code, failure.detail], [code, `${status} ${name} Because.`]);
      assertContains(failure.circumstances, { status, retryAfter: 10_000 });
      assert.equal(failure.circumstances.decision?.do, decision);
    });
  }

  test("that would make the attributes too large keeps the sizes and the names of the largest", async () => {
    const detail = "The attributes take 10321 bytes of JSON; 10240 are allowed. Largest: cart (10002 bytes).";
    const { identify } = await start(() => problem(400, "attributes_too_large", { detail }));
    const failure = await failureOf(identify(identity, credentials));
    assert.match(failure.detail ?? "", /10321 bytes of JSON; 10240 are allowed\. Largest: cart \(10002 bytes\)/);
  });

  for (const field of ["providerId", "syncedAt", "ticket", "now"]) {
    test(`whose answer lacks ${field} is none: the old ticket stays`, async () => {
      const { identify } = await start(() => Response.json({ ...answered, [field]: undefined }));
      const { code, detail } = await failureOf(identify(identity, credentials));
      assert.deepEqual([code, detail], ["CHAT_BROKER_INVALID", `no ${field} in the answer`]);
    });
  }
});

describe("a report", () => {
  const entry = (seq: number, more: object = {}): ReportEntry => ({
    seq,
    timestamp,
    event: "ws_connected",
    details: {},
    ...more,
  });

  async function sent(...entries: unknown[]): Promise<ActivityEntry[]> {
    const { report, platform } = await start(() => new Response(null, { status: 204 }));
    await report({ durationMs: 90_000, entries: entries as ReportEntry[] }, credentials);
    const { method, url, headers, body } = platform.requests[0] ?? assert.fail("nothing was sent");
    assert.deepEqual([method, url, headers.Authorization], ["POST", `${BROKER}/v1/activity`, "Bearer ticket-1"]);
    assert.equal(body.durationMs, 90_000);
    return body.entries as ActivityEntry[];
  }

  test("takes along every event and detail that the broker knows", async () => {
    const words = Object.fromEntries(
      ACTIVITY_DETAILS.map((name) => [name, name === "provider_id" ? ISSUER : "a_word"]),
    );
    const entries = ACTIVITY_EVENTS.map((event, index) => entry(index + 1, { event, details: words }));
    assert.deepEqual(await sent(...entries), entries);
  });

  const odd: [what: string, entry: unknown][] = [
    ["an event that the broker does not know", entry(2, { event: "ws_exploded" })],
    ["an event that every object has", entry(2, { event: "toString" })],
    ["the number 0", entry(0)],
    ["a broken number", entry(2.5)],
    ["a time that is none", entry(2, { timestamp: "yesterday" })],
    ["a day that is none", entry(2, { timestamp: "2026-13-45T99:99:99Z" })],
    ["details that are none", entry(2, { details: null })],
    ["nothing at all", null],
  ];
  for (const [what, wrong] of odd) {
    test(`leaves ${what} behind, and nothing else`, async () => {
      assert.deepEqual(await sent(entry(1), wrong, entry(3)), [entry(1), entry(3)]);
    });
  }

  for (const [name, value] of [
    ["reason", "a sentence of the guest's"],
    ["reason", "person@mail.example"],
    ["code", -1],
    ["duration_ms", 4_111_111_111_111_111],
    ["type", "x".repeat(41)],
    ["type", { text: "x" }],
    ["provider_id", "crm"],
    ["provider_id", "http://person.example"],
    ["text", "word"],
  ] as const) {
    test(`keeps an entry whose detail ${name} is ${JSON.stringify(value).slice(0, 30)}, without that detail`, async () => {
      const details = { count: 3, [name]: value };
      assert.deepEqual(await sent(entry(1, { details })), [entry(1, { details: { count: 3 } })]);
    });
  }

  test("of which nothing is fit to be sent is done with", async () => {
    const { report, platform } = await start(() => assert.fail());
    await report({ durationMs: 1, entries: [entry(0)] }, credentials);
    assert.equal(platform.requests.length, 0);
  });

  test("that comes too early says how long to wait", async () => {
    const { report } = await start(() => problem(429, "rate_limited", { retryAfter: 3 }));
    const { code, circumstances } = await failureOf(report({ durationMs: 1, entries: [entry(1)] }, credentials));
    assert.equal(code, "CHAT_UNAVAILABLE");
    assert.deepEqual(circumstances, { status: 429, retryAfter: 3_000 });
  });
});

test("a session is ended at the broker with its ticket, and no body", async () => {
  const { revoke, platform } = await start(() => new Response(null, { status: 204 }));
  await revoke(credentials);
  const { method, url, headers, body } = platform.requests[0] ?? assert.fail();
  assert.deepEqual([method, url, headers.Authorization], ["DELETE", `${BROKER}/v1/sessions`, "Bearer ticket-1"]);
  assert.deepEqual(body, {});
});
