/** Web messaging in a simulation: no broker, no text may be sent blindly again, and what was missed is in a history. */
import type { WebMessagingHubOptions } from "../../src/hub/options.ts";
import { createWebMessaging } from "../../src/protocols/web-messaging/web-messaging.ts";
// Chunks that are fetched when they are needed: a fetch takes real time, which a simulation must not depend on.
import "../../src/protocols/web-messaging/history.ts";
import "../../src/session/seldom/seldom.ts";
import type { Dialect, Errand, Frame } from "./dialect.ts";

export const DEPLOYMENT = "9d8b7c6a-1122-4c33-8d44-556677889900";
export const SOCKET_URL = `wss://genesys.test/v1?deploymentId=${DEPLOYMENT}`;

const OPTIONS: WebMessagingHubOptions = {
  protocol: "web-messaging",
  deploymentId: DEPLOYMENT,
  endpoint: "https://genesys.test",
  attributes: {},
  storage: "local",
};

/** Of the answer to a sign of life, as the official clients have it. */
const ECHO_ID = "SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=";

interface Request {
  action: string;
  token?: string;
  tracingId?: string;
  message?: { type?: string; text?: string };
}

interface Answer {
  class: string;
  code: number;
  tracingId?: string;
  body: {
    id?: string;
    type?: string;
    direction?: string;
    connected?: boolean;
    retryAfter?: number;
    channel?: { messageId?: string; time?: string };
  };
}

/** The platform writes an outbound message's id without its dashes. */
const toId = (id: string): string => id.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, "$1-$2-$3-$4-$5");

function readRequest({ action, token, tracingId, message }: Request): Frame {
  switch (action) {
    case "configureSession":
      return { type: "handshake", token, payload: { inReplyTo: tracingId } };
    case "onMessage":
      return message?.type === "Event"
        ? { type: "event", payload: { inReplyTo: tracingId } }
        : { type: "message", payload: { id: tracingId, text: message?.text } };
    case "echo":
      return { type: "ping" };
    default:
      return { type: action };
  }
}

function readMessage({ tracingId, body }: Answer): Frame {
  const { id = "", type, direction, channel } = body;
  if (tracingId === ECHO_ID) return { type: "pong" };
  if (type === "Event") return { type: "event" };
  const sentAt = channel?.time;
  return direction === "Inbound"
    ? { type: "message", payload: { id: channel?.messageId ?? toId(id), clientId: tracingId, from: "guest", sentAt } }
    : { type: "message", payload: { id: toId(id), from: "agent", sentAt } };
}

function readAnswer(answer: Answer): Frame {
  const { class: name, code, tracingId: inReplyTo, body } = answer;
  switch (name) {
    case "SessionResponse":
      return { type: body.connected ? "resumed" : "closed" };
    case "StructuredMessage":
      return readMessage(answer);
    case "JwtResponse":
      return { type: "jwt" };
    case "TooManyRequestsErrorMessage":
      return { type: "error", payload: { code: "rate_limited", retryAfter: body.retryAfter, inReplyTo } };
    case "SessionClearedEvent":
      return { type: "cleared" };
    case "ConnectionClosedEvent":
      return { type: "moved" };
    default:
      return { type: "error", payload: { code: String(code), inReplyTo } };
  }
}

function toErrand(url: string): Errand {
  if (url.endsWith("/config.json")) return "configuration";
  return url.includes("/webmessaging/messages") ? "history" : "beside";
}

export const webMessaging: Dialect = {
  options: OPTIONS,
  idempotent: false,
  tellsLimits: false,
  patienceMs: 5_000,
  toSandbox: ({ deployment }) => ({ deployments: [{ id: DEPLOYMENT, ...deployment }] }),
  createProtocol: () => createWebMessaging(OPTIONS),
  read(text) {
    const frame: Request | Answer = JSON.parse(text);
    return "action" in frame ? readRequest(frame) : readAnswer(frame);
  },
  toErrand,
  refuse(retryAfter, tracingId) {
    const body = { retryAfter, errorCode: 429, errorMessage: "by the story" };
    return {
      frame: JSON.stringify({ type: "response", class: "TooManyRequestsErrorMessage", code: 429, tracingId, body }),
    };
  },
  toId,
};
