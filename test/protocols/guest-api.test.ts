/** The guest-api dialect: the contract of every Protocol, and what is its own. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createGuestApi, type GuestApiOptions } from "../../src/protocols/guest-api/guest-api.ts";
import { ConnectionFailure, type Credentials } from "../../src/session/protocol.ts";
import { isRefused, parseClientFrame } from "../../src/wire/guest-api.ts";
import { createFakePlatform, START } from "../support/fake-platform.ts";
import { type AnswerOptions, fakeToken, LIMITS, problem, sessionAnswer } from "../support/guest-api-script.ts";
import { lent } from "../support/lent.ts";
import { type DialectScript, describeProtocol, MESSAGE } from "./contract.ts";
import { describeErrands, type ErrandsScript } from "./errands-contract.ts";

const BROKER = "http://broker.test";
const signal = new AbortController().signal;
const sentAt = new Date(START).toISOString();
const frame = (type: string, payload: unknown): string => JSON.stringify({ type, payload });
const error = (code: string, more: object = {}) => frame("error", { code, message: "why", ...more });
const read = (text: string) => {
  const parsed = parseClientFrame(text);
  assert.ok(!isRefused(parsed), JSON.stringify(parsed));
  return parsed;
};

function setup(): DialectScript {
  const platform = createFakePlatform();
  const lost = (decision: object) => [{ type: "lost", decision }];
  const rejected = (code: string) => ({ type: "rejected", id: MESSAGE, error: { code } });
  return {
    platform,
    createProtocol: () => createGuestApi({ broker: BROKER }),
    gone: [401, 404],
    grant(seconds) {
      platform.answer = () => sessionAnswer(platform, { seconds });
    },
    refuse(status, retryAfter) {
      platform.answer = () => problem(status, "some_problem", { retryAfter });
    },
    server: {
      accept: () => [
        frame("handshake_ack", {
          guestId: "guest-1",
          sessionId: "session-1",
          expiresAt: START + 3_600_000,
          now: START,
          limits: LIMITS,
        }),
      ],
      caughtUp: () => frame("resumed", { after: null, count: 0 }),
      agentSays: (id, text) => frame("message", { id, from: "agent", name: "Mira", text, sentAt }),
      echo: (clientId, id, text) => frame("message", { id, clientId, from: "guest", text, sentAt }),
      typing: (on) => frame("typing", { on, name: "Mira" }),
      ended: () => frame("presence", { event: "ended" }),
      answerProbe(probe) {
        const ping = read(probe);
        assert.ok(ping.type === "ping");
        return frame("pong", ping.payload);
      },
    },
    readMessage(text) {
      const sent = read(text);
      if (sent.type !== "message") return null;
      const { id, text: words, quickReply } = sent.payload;
      return { id, text: words, ...(quickReply && { payload: quickReply.payload }) };
    },
    errors: [
      { name: "invalid_token", frame: error("invalid_token"), becomes: lost({ do: "refresh", times: 1 }) },
      { name: "token_expired", frame: error("token_expired"), becomes: lost({ do: "refresh", times: 1 }) },
      { name: "session_not_found", frame: error("session_not_found"), becomes: lost({ do: "new-session" }) },
      {
        name: "unavailable for 3 s",
        frame: error("unavailable", { retryAfter: 3 }),
        becomes: [{ type: "lost", decision: { do: "retry" }, retryAfter: 3_000, error: { code: "CHAT_UNAVAILABLE" } }],
      },
      {
        name: "unavailable, it does not say for how long",
        frame: error("unavailable"),
        becomes: [{ type: "lost", retryAfter: 2_000 }],
      },
      {
        name: "rate_limited",
        frame: error("rate_limited", { retryAfter: 5, inReplyTo: MESSAGE }),
        becomes: [{ type: "throttled", retryAfter: 5_000, id: MESSAGE }],
      },
      {
        name: "rate_limited, it does not say for how long",
        frame: error("rate_limited"),
        becomes: [{ type: "throttled", retryAfter: 2_000 }],
      },
      {
        name: "message_too_long",
        frame: error("message_too_long", { inReplyTo: MESSAGE }),
        becomes: [rejected("CHAT_TEXT_TOO_LONG")],
      },
      {
        name: "conversation_ended",
        frame: error("conversation_ended", { inReplyTo: MESSAGE }),
        becomes: [rejected("CHAT_ENDED"), { type: "readonly" }],
      },
      {
        name: "invalid_frame",
        frame: error("invalid_frame", { inReplyTo: MESSAGE }),
        becomes: [rejected("CHAT_MESSAGE_REFUSED")],
      },
      { name: "invalid_frame, of no message", frame: error("invalid_frame"), becomes: [] },
      {
        name: "one that only a newer server knows",
        frame: error("too_blue", { inReplyTo: MESSAGE }),
        becomes: [rejected("CHAT_MESSAGE_REFUSED")],
      },
    ],
    malformed: [
      frame("message", { id: "m", from: "martian", sentAt }),
      frame("message", { id: "", from: "agent", sentAt }),
      frame("message", { id: "m", from: "agent", sentAt: "yesterday" }),
      frame("message", { id: "m", from: "agent", sentAt, quickReplies: [{ text: 1 }] }),
      frame("message", { id: { $ne: 1 }, from: "agent", text: ["x"], sentAt }),
      frame("typing", { on: "true" }),
      frame("presence", { event: "exploded" }),
      frame("resumed", { count: "1" }),
      frame("resumed", null),
      frame("handshake_ack", { guestId: "g", sessionId: "s", expiresAt: "soon", now: 1, limits: LIMITS }),
      frame("error", { code: 7, message: "x" }),
      '{"type":"typing","payload":{"__proto__":{"on":true}}}',
    ],
    finalCodes: [4403],
  };
}

describeProtocol("guest-api", setup);

describeErrands("guest-api", (): ErrandsScript => {
  const platform = createFakePlatform();
  const saidNo = (status: number) => () => problem(status, "some_problem");
  return {
    platform,
    createProtocol: () => createGuestApi({ broker: BROKER }),
    credentials: { url: "ws://genesys.test/socket", expiresAt: 7, secrets: { guestToken: "t", ticket: "ticket-1" } },
    identity: { idToken: "a.b.c", nonce: "nonce-1" },
    written: (profile) => () => Response.json({ ...profile, ticket: "ticket-2", now: START }),
    taken: () => new Response(null, { status: 204 }),
    revoked: [() => new Response(null, { status: 204 }), saidNo(401), saidNo(404)],
  };
});

describe("guest-api: what is its own", () => {
  function start({ attributes = {}, ...options }: Partial<GuestApiOptions> & { attributes?: object } = {}) {
    const platform = createFakePlatform();
    platform.answer = () => sessionAnswer(platform);
    const protocol = createGuestApi({ broker: BROKER, ...options });
    const authorize = (saved: Credentials | null = null, more: object = attributes) =>
      protocol.authorize({ saved, reason: "start", attributes: { ...more }, skew: 0 }, platform, signal);
    return { platform, protocol, authorize };
  }

  async function failureOf(attempt: Promise<unknown>): Promise<ConnectionFailure> {
    const thrown = await attempt.catch((reason: unknown) => reason);
    assert.ok(thrown instanceof ConnectionFailure, String(thrown));
    return thrown;
  }

  const key = ({ headers }: { headers: Record<string, string> }) => headers["Idempotency-Key"];

  test("a session is asked for by route and language, and by nothing that is the broker's", async () => {
    const { authorize, platform } = start({ route: "sales", attributes: { plan: "gold" } });
    await authorize();
    assert.equal(platform.requests[0]?.url, `${BROKER}/v1/sessions`);
    assert.deepEqual(platform.requests[0]?.body, { route: "sales", language: "en-GB", attributes: { plan: "gold" } });
  });

  test("a browser that adds to its language what is none is understood all the same", async () => {
    const { authorize, platform } = start({ language: "en-US@posix" });
    await authorize();
    assert.equal(platform.requests[0]?.body.language, "en-US");
  });

  test("a browser that has no language is no reason to be refused: WebKitGTK says C where the system has no locale", async () => {
    const { authorize, platform } = start({ language: "C" });
    await authorize();
    assert.equal("language" in (platform.requests[0]?.body ?? {}), false);
  });

  test("a lost answer makes no second guest: the same request is repeated with the same key", async () => {
    const { authorize, platform } = start();
    platform.answer = () => Promise.reject(new TypeError("Failed to fetch"));
    await assert.rejects(authorize());
    await assert.rejects(authorize());
    platform.answer = () => sessionAnswer(platform);
    await authorize(null, { other: true });
    await authorize(null, { other: true });
    const keys = platform.requests.map(key);
    assert.equal(keys[0], keys[1], "the same request");
    assert.notEqual(keys[1], keys[2], "another body");
    assert.notEqual(keys[2], keys[3], "another guest, after the first was had");
  });

  test("a refresh shows the ticket and sends the page's attributes again", async () => {
    const { authorize, platform } = start({ attributes: { plan: "gold" } });
    const saved = await authorize();
    await platform.pass(3_590_000);
    await authorize(saved);
    assert.equal(platform.requests[1]?.url, `${BROKER}/v1/sessions/refresh`);
    assert.equal(platform.requests[1]?.headers.Authorization, `Bearer ${saved.secrets.ticket}`);
    assert.deepEqual(platform.requests[1]?.body, { attributes: { plan: "gold" } });
  });

  test("from a hub frame every call names the site around it; from a page of its own none does", async () => {
    const { authorize, platform, protocol } = start({ embedder: "https://shop.example" });
    const saved = await authorize();
    await platform.pass(3_590_000);
    const refreshed = await authorize(saved);
    const errands = await protocol.openErrands(platform);
    platform.answer = () => new Response(null, { status: 204 });
    await errands.revoke(refreshed);
    assert.deepEqual(
      platform.requests.map(({ method, url, headers }) => [method, url, headers["X-Embedder-Origin"]]),
      [
        ["POST", `${BROKER}/v1/sessions`, "https://shop.example"],
        ["POST", `${BROKER}/v1/sessions/refresh`, "https://shop.example"],
        ["DELETE", `${BROKER}/v1/sessions`, "https://shop.example"],
      ],
    );
    const own = start();
    await own.authorize();
    assert.ok(!("X-Embedder-Origin" in (own.platform.requests[0]?.headers ?? {})));
  });

  test("attributes over 10 KB never leave, and the largest is named", async () => {
    const { authorize, platform, protocol } = start({ attributes: { small: "x", big: "x".repeat(11_000) } });
    const { circumstances, code, detail } = await failureOf(authorize());
    assert.equal(code, "CHAT_ATTRIBUTES_TOO_LARGE");
    assert.match(detail ?? "", /largest: big \(11002 bytes\), small/);
    assert.equal(circumstances.decision?.do, "stop");
    assert.equal(platform.requests.length, 0);
    assert.equal(protocol.findExcess({ small: "x" }), null);
  });

  for (const [claims, named] of [
    [{ sub: undefined }, "sub"],
    [{ iat: undefined }, "iat"],
    [{ exp: undefined }, "exp"],
    [{ exp: "tomorrow-or-so" }, "exp"],
    [{ exp: 1_000_000 }, "exp"],
    [{ routing_hints: undefined }, "routing_hints"],
    [{ routing_hints: {} }, "routing_hints"],
    [{ routing_hints: { queue: 7_654_321 } }, "routing_hints"],
    [{ attributes: undefined }, "attributes"],
    [{ attributes: "none-of-that" }, "attributes"],
  ] satisfies [AnswerOptions["claims"], string][]) {
    test(`a guest token with ${JSON.stringify(claims)} is thrown away, and the error names ${named}`, async () => {
      const { authorize, platform } = start();
      platform.answer = () => sessionAnswer(platform, { claims });
      const { circumstances, code, detail = "" } = await failureOf(authorize());
      assert.equal(code, "CHAT_TOKEN_INVALID");
      assert.equal(circumstances.decision?.do, "stop");
      assert.match(detail, new RegExp(`: ${named} `));
      assert.doesNotMatch(detail, /1000000|7654321|tomorrow-or-so|none-of-that|guest-1/);
    });
  }

  for (const token of ["garbage", "a.b.c", "..", `${fakeToken(START)}.more`]) {
    test(`a guest token that is "${token.slice(0, 12)}" is no JWT`, async () => {
      const { authorize, platform } = start();
      const body = await sessionAnswer(platform).json();
      platform.answer = () => Response.json({ ...body, guestToken: token });
      assert.match((await failureOf(authorize())).detail ?? "", /payload is missing or malformed/);
    });
  }

  test("a refresh whose answer was lost, and comes again when its token has run out, is followed by another", async () => {
    const { authorize, platform } = start();
    const saved = await authorize();
    await platform.pass(3_590_000);
    const lost = await sessionAnswer(platform, { seconds: 20 }).json();
    await platform.pass(40_000);
    // The broker gives the first answer again, by its clock of now.
    platform.answer = () => Response.json({ ...lost, ticket: "ticket-lost", now: platform.clock.now() });
    const kept = await authorize(saved);
    platform.answer = () => sessionAnswer(platform);
    const { secrets } = await authorize(kept);
    assert.equal(platform.requests[2]?.headers.Authorization, "Bearer ticket-lost");
    assert.equal(secrets.ticket, "ticket-3");
  });

  test("a saved token that no longer passes is refreshed instead of shown to Genesys", async () => {
    const { authorize, platform } = start();
    const saved = await authorize();
    await authorize({ ...saved, secrets: { ...saved.secrets, guestToken: "damaged" } });
    assert.match(platform.requests[1]?.url ?? "", /refresh$/);
  });

  test("a captive portal that answers with a page of its own is no broker, and is asked again later (row 15)", async () => {
    const { authorize, platform } = start();
    platform.answer = () => new Response("<h1>Accept our terms</h1>", { headers: { "Content-Type": "text/html" } });
    const { circumstances, code } = await failureOf(authorize());
    assert.equal(code, "CHAT_BROKER_INVALID");
    assert.deepEqual(circumstances, {});
  });

  test("a broker that refuses the page's origin says so", async () => {
    const { authorize, platform } = start();
    platform.answer = () => problem(403, "origin_not_allowed");
    const { circumstances, code } = await failureOf(authorize());
    assert.equal(code, "CHAT_NOT_ALLOWED");
    assert.equal(circumstances.status, 403);
  });

  for (const status of [429, 503]) {
    test(`a broker that answers ${status} is busy, and its pause is kept in ms`, async () => {
      const { authorize, platform } = start();
      platform.answer = () => problem(status, "busy", { retryAfter: 12 });
      const { circumstances, code } = await failureOf(authorize());
      assert.equal(code, "CHAT_UNAVAILABLE");
      assert.deepEqual(circumstances, { status, retryAfter: 12_000 });
    });
  }

  test("what it says of its pause is heeded before a proxy's header, which tells where it says nothing", async () => {
    const { authorize, platform } = start();
    const told = (body: object) => Response.json(body, { status: 503, headers: { "Retry-After": "20" } });
    platform.answer = () => told({ code: "busy", retryAfter: 5 });
    assert.equal((await failureOf(authorize())).circumstances.retryAfter, 5_000);
    platform.answer = () => told({});
    assert.equal((await failureOf(authorize())).circumstances.retryAfter, "20");
  });

  test("a frame cannot pass for an event of another kind", () => {
    const events: object[] = [];
    const { platform, protocol } = start();
    const credentials = { url: "ws://x", secrets: {} };
    const handler = protocol.createHandler({
      ...lent(platform),
      credentials,
      now: () => 0,
      send: () => {},
      emit: (event) => void events.push(event),
    });
    handler.receive(frame("typing", { on: true, type: "readonly" }));
    assert.deepEqual(events, [{ type: "typing", on: true, name: undefined }]);
  });
});
