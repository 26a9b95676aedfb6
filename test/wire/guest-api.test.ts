/** The frames of the guest socket: every one of the profile is taken, and what is none is refused by the field's name. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FRAME_MAX, isRefused, parseClientFrame, parseServerFrame, socketPath } from "../../src/wire/guest-api.ts";
import { TOKEN_MAX } from "../../src/wire/guest-token.ts";

type Frame = { type: string; token?: unknown; payload?: object };

const SENT_AT = "2026-11-22T12:00:00.000Z";
const LIMITS = { textBytes: 4096, attributesBytes: 10_240, messagesPerMinute: 120 };
const ACK = { guestId: "g", sessionId: "s", expiresAt: 2, now: 1, limits: LIMITS };

const CLIENT: Frame[] = [
  { type: "handshake", token: "a.b.c" },
  { type: "resume", payload: { after: null } },
  { type: "resume", payload: { after: "m1" } },
  { type: "message", payload: { id: "m1", text: "Hello" } },
  { type: "message", payload: { id: "m1", text: "Yes", quickReply: { payload: "yes" } } },
  { type: "typing", payload: { on: true } },
  { type: "ping", payload: { at: 1 } },
  { type: "terminate", payload: {} },
];

const SERVER: Frame[] = [
  { type: "handshake_ack", payload: ACK },
  { type: "error", payload: { code: "rate_limited", message: "slow down", retryAfter: 2, inReplyTo: "m1" } },
  { type: "error", payload: { code: "invalid_frame", message: "" } },
  { type: "resumed", payload: { after: "m1", count: 0 } },
  { type: "resumed", payload: { after: null, count: 3 } },
  { type: "message", payload: { id: "m1", clientId: "c1", from: "guest", text: "Hello", sentAt: SENT_AT } },
  {
    type: "message",
    payload: {
      id: "m2",
      from: "bot",
      name: "Otto",
      avatarUrl: "https://x.test/otto.png",
      text: "Tea or coffee?",
      quickReplies: [{ text: "Tea", payload: "tea" }],
      sentAt: SENT_AT,
    },
  },
  { type: "message", payload: { id: "m3", from: "agent", sentAt: SENT_AT } },
  { type: "message", payload: { id: "m4", from: "system", text: "Welcome", sentAt: SENT_AT } },
  { type: "typing", payload: { on: false, name: "Mira" } },
  { type: "presence", payload: { event: "joined", name: "Mira" } },
  { type: "presence", payload: { event: "left" } },
  { type: "presence", payload: { event: "ended" } },
  { type: "pong", payload: { at: 1 } },
];

/** What stands in place of a field -> the field named. */
const CLIENT_FAULTS: [Frame, string][] = [
  [{ type: "handshake" }, "handshake.token"],
  [{ type: "handshake", token: "" }, "handshake.token"],
  [{ type: "handshake", token: 7 }, "handshake.token"],
  [{ type: "handshake", token: "x".repeat(TOKEN_MAX + 1) }, "handshake.token"],
  [{ type: "resume" }, "resume.payload"],
  [{ type: "resume", payload: {} }, "resume.after"],
  [{ type: "resume", payload: { after: "" } }, "resume.after"],
  [{ type: "message", payload: { text: "x" } }, "message.id"],
  [{ type: "message", payload: { id: "x".repeat(129), text: "x" } }, "message.id"],
  [{ type: "message", payload: { id: "m" } }, "message.text"],
  [{ type: "message", payload: { id: "m", text: "x", quickReply: {} } }, "message.quickReply"],
  [{ type: "message", payload: { id: "m", text: "x", quickReply: null } }, "message.quickReply"],
  [{ type: "typing", payload: { on: 1 } }, "typing.on"],
  [{ type: "ping", payload: { at: "1" } }, "ping.at"],
  [{ type: "terminate" }, "terminate.payload"],
];

const SERVER_FAULTS: [Frame, string][] = [
  ...Object.keys(ACK).map((field): [Frame, string] => [
    { type: "handshake_ack", payload: { ...ACK, [field]: undefined } },
    `handshake_ack.${field}`,
  ]),
  [{ type: "handshake_ack", payload: { ...ACK, limits: { ...LIMITS, textBytes: "4096" } } }, "handshake_ack.limits"],
  [{ type: "error", payload: { message: "" } }, "error.code"],
  [{ type: "error", payload: { code: "x" } }, "error.message"],
  [{ type: "error", payload: { code: "x", message: "", retryAfter: "2" } }, "error.retryAfter"],
  [{ type: "error", payload: { code: "x", message: "", inReplyTo: 2 } }, "error.inReplyTo"],
  [{ type: "resumed", payload: { count: 0 } }, "resumed.after"],
  [{ type: "resumed", payload: { after: null } }, "resumed.count"],
  [{ type: "message", payload: { from: "agent", sentAt: SENT_AT } }, "message.id"],
  [{ type: "message", payload: { id: "m", from: "visitor", sentAt: SENT_AT } }, "message.from"],
  [{ type: "message", payload: { id: "m", from: "agent" } }, "message.sentAt"],
  [{ type: "message", payload: { id: "m", from: "agent", sentAt: 1 } }, "message.sentAt"],
  [{ type: "message", payload: { id: "m", from: "agent", sentAt: "soon" } }, "message.sentAt"],
  [{ type: "message", payload: { id: "m", from: "agent", sentAt: SENT_AT, clientId: 1 } }, "message.clientId"],
  [{ type: "message", payload: { id: "m", from: "agent", sentAt: SENT_AT, quickReplies: {} } }, "message.quickReplies"],
  [{ type: "message", payload: { id: "m", from: "agent", sentAt: SENT_AT, text: null } }, "message.text"],
  [{ type: "typing", payload: { name: "Mira" } }, "typing.on"],
  [{ type: "presence", payload: { event: "waved" } }, "presence.event"],
  [{ type: "pong", payload: [1] }, "pong.payload"],
];

/** Who plays Genesys is told why; a browser has nobody to tell. */
const withReason = (refused: string) => ({ refused });
const withoutReason = (refused: string) => (refused === "unknown type" ? null : undefined);

for (const [end, parse, good, faults, refusal] of [
  ["a client", parseClientFrame, CLIENT, CLIENT_FAULTS, withReason],
  ["a server", parseServerFrame, SERVER, SERVER_FAULTS, withoutReason],
] as const) {
  describe(`what ${end} sends`, () => {
    for (const frame of good) {
      test(`${JSON.stringify(frame).slice(0, 80)} is taken as it is`, () => {
        assert.deepEqual(parse(JSON.stringify(frame)), frame);
      });
    }

    for (const [frame, named] of faults) {
      test(`${JSON.stringify(frame).slice(0, 80)} is refused for ${named}`, () => {
        assert.deepEqual(parse(JSON.stringify(frame)), refusal(named));
      });
    }

    test("what is no frame at all is refused", () => {
      const rows: [unknown, string][] = [
        [undefined, "not a text frame"],
        [new Uint8Array(3), "not a text frame"],
        [{ type: "typing" }, "not a text frame"],
        ["", "not JSON"],
        ["{", "not JSON"],
        ["null", "no type"],
        ["[]", "no type"],
        ['{"type":1}', "no type"],
        ['{"type":"toString","payload":{}}', "unknown type"],
        ['{"type":"__proto__","payload":{}}', "unknown type"],
        ["x".repeat(FRAME_MAX + 1), "larger than 1 MiB"],
      ];
      for (const [text, reason] of rows) assert.deepEqual(parse(text), refusal(reason));
    });

    test("the frames of the other end are not its own", () => {
      const own = new Set(good.map(({ type }) => type));
      const others = [...CLIENT, ...SERVER].filter(({ type }) => !own.has(type));
      for (const frame of others) assert.deepEqual(parse(JSON.stringify(frame)), refusal("unknown type"));
    });

    test("fields that a newer end has added are no reason to refuse", () => {
      for (const frame of good) {
        const newer = { ...frame, version: 2, ...(frame.payload && { payload: { ...frame.payload, mood: "fine" } }) };
        assert.deepEqual(parse(JSON.stringify(newer)), newer);
      }
    });

    test("a field that only a prototype has does not count, and no prototype is changed", () => {
      const typing = parse('{"type":"typing","payload":{"__proto__":{"on":true,"polluted":1}}}');
      assert.deepEqual(typing, refusal("typing.on"));
      parse('{"__proto__":{"polluted":1},"type":"typing","payload":{"on":true}}');
      assert.equal(({} as { polluted?: number }).polluted, undefined);
    });

    test("a refusal names the field and never its content", () => {
      const text = JSON.stringify({ type: "message", payload: { id: 1, text: "my secret", from: "my secret" } });
      assert.doesNotMatch(JSON.stringify(parse(text) ?? null), /secret/);
    });
  });
}

test("a frame of exactly 1 MiB is still read", () => {
  const frame = (text: string) => JSON.stringify({ type: "message", payload: { id: "m", text } });
  const room = FRAME_MAX - frame("").length;
  assert.ok(!isRefused(parseClientFrame(frame("x".repeat(room)))));
  assert.deepEqual(parseClientFrame(frame("x".repeat(room + 1))), { refused: "larger than 1 MiB" });
});

test("ids cannot lead the socket's path astray", () => {
  assert.equal(socketPath("g/../1", "s?x"), "/api/v2/guests/g%2F..%2F1/sessions/s%3Fx/ws");
});
