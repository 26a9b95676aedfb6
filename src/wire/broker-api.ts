/** What browser and broker say to each other (Guest API profile, section 4): shapes, limits and pure checks. */
import { findFault, isNumber, isText, isTextOf } from "../shape.ts";
import { TOKEN_MAX } from "./guest-token.ts";

/** `POST /v1/sessions`. Queue and skill are the broker's; a page may only name one of its routes. */
export interface SessionRequest {
  route?: string;
  name?: string;
  /** BCP 47. */
  language?: string;
  attributes?: Record<string, unknown>;
}

/** `POST /v1/sessions/refresh`, with the ticket as bearer. */
export interface RefreshRequest {
  attributes?: Record<string, unknown>;
}

/** The answer to both: 201 for a new session, 200 for a refreshed one. Times in ms since the epoch. */
export interface SessionAnswer {
  guestId: string;
  sessionId: string;
  guestToken: string;
  expiresAt: number;
  socketUrl: string;
  ticket: string;
  now: number;
}

/** RFC 9457 with a stable `code`; `retryAfter` in seconds. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail?: string;
  retryAfter?: number;
  now: number;
}

export type ProblemCode =
  | "invalid_request"
  | "body_too_large"
  | "attributes_too_large"
  | "reserved_attribute"
  | "unknown_route"
  | "origin_not_allowed"
  | "ticket_missing"
  | "ticket_invalid"
  | "ticket_revoked"
  | "id_token_invalid"
  | "id_token_used"
  | "guest_gone"
  | "not_configured"
  | "rate_limited"
  | "not_found"
  | "method_not_allowed"
  | "upstream_unauthorized"
  | "upstream_rate_limited"
  | "upstream_refused"
  | "upstream_invalid"
  | "upstream_unavailable"
  | "provider_unavailable"
  | "not_ready"
  | "internal";

/** Largest body a page may send, in bytes. */
export const BODY_BYTES = 16_384;

/** Largest attributes object, in bytes of UTF-8 JSON. */
export const ATTRIBUTES_BYTES = 10_240;

/** Attributes that only the broker may write; from a page they are refused. */
export const RESERVED_ATTRIBUTES: readonly string[] = [
  "external_provider_id",
  "external_email",
  "synced_at",
  "delegation_verified",
  "continued_from",
];

const byteLength = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** Size of an attributes object as Genesys counts it: bytes of its UTF-8 JSON. */
export const attributesBytes: (attributes: Record<string, unknown>) => number = byteLength;

/** The names of the three largest attributes, largest first: what an error message tells the site owner. */
export const largestAttributes = (attributes: Record<string, unknown>): string[] =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, bytes: byteLength(value) }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ name, bytes }) => `${name} (${bytes} bytes)`);

const isFilled = isTextOf(TOKEN_MAX);
const ANSWER = {
  guestId: isFilled,
  sessionId: isFilled,
  guestToken: isFilled,
  ticket: isFilled,
  expiresAt: isNumber,
  now: isNumber,
  socketUrl: (value: unknown) => isText(value) && /^wss?:/.test(value),
};

/** Checks a session answer: the name of the first bad field ("body" when there is none at all), null when all is well. */
export const findAnswerFault = (body: unknown): string | null => {
  const fault = findFault(body, ANSWER);
  return fault === "" ? "body" : fault;
};
