/** The frames of the guest socket (Guest API profile, section 3): types and pure checks, imported by both ends. */
import {
  type Check,
  findFault,
  hasShape,
  isBoolean,
  isNumber,
  isOneOf,
  isPlain,
  isText,
  isTextOf,
  optional,
  type Shape,
} from "../shape.ts";
import { TOKEN_MAX } from "./guest-token.ts";

/** What the server tells with `handshake_ack`; the client enforces them before the server has to. */
export interface Limits {
  /** Longest message text, in bytes of UTF-8. */
  textBytes: number;
  /** Largest attributes object, in bytes of UTF-8 JSON. */
  attributesBytes: number;
  /** Messages a session may send in a minute. */
  messagesPerMinute: number;
}

export interface QuickReply {
  text: string;
  payload: string;
}

export type ErrorCode =
  | "invalid_token"
  | "token_expired"
  | "session_not_found"
  | "rate_limited"
  | "message_too_long"
  | "invalid_frame"
  | "conversation_ended"
  | "unavailable";

export type ClientFrame =
  | { type: "handshake"; token: string }
  | { type: "resume"; payload: { after: string | null } }
  | { type: "message"; payload: { id: string; text: string; quickReply?: { payload: string } } }
  | { type: "typing"; payload: { on: boolean } }
  | { type: "ping"; payload: { at: number } }
  | { type: "terminate"; payload: Record<string, never> };

export interface WireMessage {
  id: string;
  /** Echo of the client's id: the proof that a guest's message was delivered. */
  clientId?: string;
  from: "guest" | "agent" | "bot" | "system";
  name?: string;
  avatarUrl?: string;
  text?: string;
  quickReplies?: QuickReply[];
  /** ISO 8601. */
  sentAt: string;
}

export type ServerFrame =
  | {
      type: "handshake_ack";
      /** Times in ms since the epoch, on the server's clock. */
      payload: { guestId: string; sessionId: string; expiresAt: number; now: number; limits: Limits };
    }
  | {
      type: "error";
      /** `retryAfter` in seconds; `code` is an `ErrorCode`, or one that a newer server made. */
      payload: { code: string; message: string; retryAfter?: number; inReplyTo?: string };
    }
  | { type: "resumed"; payload: { after: string | null; count: number } }
  | { type: "message"; payload: WireMessage }
  | { type: "typing"; payload: { on: boolean; name?: string } }
  | { type: "presence"; payload: { event: "joined" | "left" | "ended"; name?: string } }
  | { type: "pong"; payload: { at: number } };

/** Close codes of the profile's own, beside RFC 6455's. */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  tokenRefused: 4401,
  notAllowed: 4403,
  sessionGone: 4404,
  noHandshake: 4408,
  tooMany: 4429,
} as const;

/** The largest frame either end takes, in characters. */
export const FRAME_MAX = 1_048_576;

/** Where the guest socket of a session lies below a base URL (section 3). */
export const socketPath = (guestId: string, sessionId: string): string =>
  `/api/v2/guests/${encodeURIComponent(guestId)}/sessions/${encodeURIComponent(sessionId)}/ws`;

/** Why a frame was refused: names the field, never its content. */
export interface Refused {
  refused: string;
}

export const isRefused = (value: object): value is Refused => "refused" in value;

const isId = isTextOf(128);
const isIdOrNull: Check = (value) => value === null || isId(value);

const HANDSHAKE = { token: isTextOf(TOKEN_MAX) };

const clientPayloads: Record<string, Shape> = {
  resume: { after: isIdOrNull },
  message: { id: isId, text: isText, quickReply: optional(hasShape({ payload: isText })) },
  typing: { on: isBoolean },
  ping: { at: isNumber },
  terminate: {},
};

const areQuickReplies: Check = (value) =>
  Array.isArray(value) && value.every(hasShape({ text: isText, payload: isText }));

const serverPayloads: Record<string, Shape> = {
  handshake_ack: {
    guestId: isId,
    sessionId: isId,
    expiresAt: isNumber,
    now: isNumber,
    limits: hasShape({ textBytes: isNumber, attributesBytes: isNumber, messagesPerMinute: isNumber }),
  },
  error: { code: isText, message: isText, retryAfter: optional(isNumber), inReplyTo: optional(isId) },
  resumed: { after: isIdOrNull, count: isNumber },
  message: {
    id: isId,
    clientId: optional(isId),
    from: isOneOf("guest", "agent", "bot", "system"),
    name: optional(isText),
    avatarUrl: optional(isText),
    text: optional(isText),
    quickReplies: optional(areQuickReplies),
    sentAt: (value) => isText(value) && isNumber(Date.parse(value)),
  },
  typing: { on: isBoolean, name: optional(isText) },
  presence: { event: isOneOf("joined", "left", "ended"), name: optional(isText) },
  pong: { at: isNumber },
};

/** Reads one text frame that a client has sent, or says why it is none. Never throws. */
export function parseClientFrame(text: unknown): ClientFrame | Refused {
  if (!isText(text)) return { refused: "not a text frame" };
  if (text.length > FRAME_MAX) return { refused: "larger than 1 MiB" };
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { refused: "not JSON" };
  }
  if (!isPlain(frame) || !isText(frame.type)) return { refused: "no type" };
  const { type } = frame;
  const isHandshake = type === "handshake";
  if (!isHandshake && !Object.hasOwn(clientPayloads, type)) return { refused: "unknown type" };
  // The only one that has its field beside `type`.
  const fault = isHandshake ? findFault(frame, HANDSHAKE) : findFault(frame.payload, clientPayloads[type] as Shape);
  return fault === null ? (frame as unknown as ClientFrame) : { refused: `${type}.${fault || "payload"}` };
}

/**
 * Reads one text frame that a server has sent; null where it is of a type that nobody here knows, undefined where it is none:
 * a browser has nobody to tell the reason. Never throws.
 */
export function parseServerFrame(text: unknown): ServerFrame | null | undefined {
  try {
    const frame: unknown = JSON.parse(text as string);
    if (!isPlain(frame) || !isText(frame.type)) return undefined;
    if (!Object.hasOwn(serverPayloads, frame.type)) return null;
    const fault = findFault(frame.payload, serverPayloads[frame.type] as Shape);
    return fault === null ? (frame as unknown as ServerFrame) : undefined;
  } catch {
    return undefined;
  }
}
