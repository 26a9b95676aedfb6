/** The web-messaging dialect: the contract of every Protocol. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createWebMessaging } from "../../src/protocols/web-messaging/web-messaging.ts";
import type { Credentials } from "../../src/session/protocol.ts";
import { createFakePlatform } from "../support/fake-platform.ts";
import { extendEmpty } from "../support/lent.ts";
import * as platformSays from "../support/web-messaging-script.ts";
import { type DialectScript, describeProtocol, MESSAGE } from "./contract.ts";

const { frame, refusal, session } = platformSays;

function setup(): DialectScript {
  const platform = createFakePlatform();
  const lost = (decision: object, code?: string) => [{ type: "lost", decision, ...(code && { error: { code } }) }];
  const rejected = (code: string) => ({ type: "rejected", id: MESSAGE, error: { code } });
  return {
    platform,
    createProtocol: () =>
      extendEmpty(
        createWebMessaging({ deploymentId: platformSays.DEPLOYMENT, environment: "mypurecloud.ie" }),
        platform,
        MESSAGE,
      ),
    lasting: true,
    gone: [],
    grant() {
      platform.answer = () => Response.json(platformSays.configuration());
    },
    refuse(status, retryAfter) {
      platform.answer = () => new Response("{}", { status, headers: { "Retry-After": String(retryAfter ?? "") } });
    },
    server: {
      accept: () => [],
      caughtUp: () => session(),
      agentSays: (id, text) => platformSays.said({ id, text }),
      echo: (clientId, id, text) => platformSays.echo(clientId, { id, text }),
      typing: (on) => platformSays.event([{ eventType: "Typing", typing: { type: on ? "On" : "Off" } }]),
      ended: () => frame("SessionResponse", { connected: false, readOnly: true }, { type: "response" }),
      answerProbe(probe) {
        const { action, tracingId, message } = JSON.parse(probe);
        assert.equal(action, "echo");
        return frame(
          "StructuredMessage",
          { ...message, direction: "Inbound", id: "e" },
          { type: "response", tracingId },
        );
      },
    },
    readMessage(text) {
      const { action, tracingId, message = {} } = JSON.parse(text);
      if (action !== "onMessage" || message.type === "Event") return null;
      const payload = message.content?.[0]?.buttonResponse.payload;
      return { id: tracingId, text: message.text, ...(payload !== undefined && { payload }) };
    },
    before: { type: "send", id: MESSAGE, text: "hi" },
    errors: [
      { name: "1001", frame: refusal(1001, "gone"), becomes: lost({ do: "retry" }) },
      { name: "4006", frame: refusal(4006, "expired"), becomes: lost({ do: "stop" }, "CHAT_SESSION_EXPIRED") },
      { name: "4007", frame: refusal(4007, "not found"), becomes: lost({ do: "new-session", times: 3 }) },
      { name: "4017", frame: refusal(4017, "cannot downgrade"), becomes: lost({ do: "new-session", times: 3 }) },
      {
        name: "too many requests, for 3 s",
        frame: frame(
          "TooManyRequestsErrorMessage",
          { retryAfter: 3, errorCode: 4029 },
          { code: 429, tracingId: MESSAGE },
        ),
        becomes: [{ type: "throttled", retryAfter: 3_000, id: MESSAGE }],
      },
      {
        name: "429, of no message and for no time",
        frame: refusal(429, "too many"),
        becomes: [{ type: "throttled", retryAfter: 3_000, id: MESSAGE }],
      },
      { name: "4011", frame: refusal(4011, "too long", MESSAGE), becomes: [rejected("CHAT_TEXT_TOO_LONG")] },
      { name: "4011, of no message", frame: refusal(4011, "too long"), becomes: [rejected("CHAT_TEXT_TOO_LONG")] },
      {
        name: "409",
        frame: refusal(409, "read-only", MESSAGE),
        becomes: [rejected("CHAT_ENDED"), { type: "readonly" }],
      },
      ...[400, 401, 403, 404, 408, 418, 500, 503, 4000, 4012, 4014, 4018, 4020, 5000].map((code) => ({
        name: String(code),
        frame: refusal(code, "why", MESSAGE),
        becomes: [rejected("CHAT_MESSAGE_REFUSED")],
      })),
      {
        name: "an error as an object",
        frame: frame("ErrorMessage", { errorCode: 4020, errorMessage: "why" }, { code: 400, tracingId: MESSAGE }),
        becomes: [rejected("CHAT_MESSAGE_REFUSED")],
      },
      {
        name: "an error in a class that only a newer server knows",
        frame: frame("BlueError", {}, { code: 4777, tracingId: MESSAGE }),
        becomes: [rejected("CHAT_MESSAGE_REFUSED")],
      },
      { name: "typing is refused", frame: refusal(403, "Typing events are not enabled", "other"), becomes: [] },
    ],
    malformed: [
      frame("StructuredMessage", null),
      frame("StructuredMessage", []),
      frame("StructuredMessage", {}),
      frame("StructuredMessage", { type: "Event", events: "x" }),
      frame("StructuredMessage", { type: "Event", events: [null, 1, { eventType: {} }] }),
      frame("SessionResponse", {}),
      frame("SessionResponse", { connected: "true" }),
      frame("JwtResponse", { jwt: 7 }),
      frame("PresignedUrlResponse", { url: {} }),
      frame("UploadSuccessEvent", {}),
      frame("FutureEvent", { text: "later" }),
      frame("string", "all is well"),
      frame("", {}),
      '{"class":"__proto__","body":{"__proto__":{"on":true}}}',
    ],
    finalCodes: [],
  };
}

describeProtocol("web-messaging", setup);

test("a guest who comes back is known by the token that he had, and a new one by one of his own", async () => {
  const script = setup();
  script.grant(3600);
  const ask = { attributes: {}, skew: 0, reason: "start" } as const;
  const { signal } = new AbortController();
  const tokenOf = async (saved: Credentials | null) => {
    const credentials = await script.createProtocol().authorize({ ...ask, saved }, script.platform, signal);
    return { credentials, token: credentials.secrets.token };
  };
  const first = await tokenOf(null);
  assert.ok(first.token);
  assert.equal((await tokenOf(first.credentials)).token, first.token);
  assert.notEqual((await tokenOf(null)).token, first.token);
});
