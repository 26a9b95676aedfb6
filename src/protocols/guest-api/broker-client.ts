/** The browser's calls to the broker (Guest API profile, section 4), each answer checked. */
import type { ChatErrorCode } from "../../chat/error.ts";
import type { Platform } from "../../session/platform.ts";
import { ConnectionFailure } from "../../session/protocol.ts";
import { isNumber, isPlain } from "../../shape.ts";
import {
  findAnswerFault,
  type RefreshRequest,
  type SessionAnswer,
  type SessionRequest,
} from "../../wire/broker-api.ts";

export interface BrokerCall {
  /** Of the broker, absolute, without a trailing slash. */
  broker: string;
  /** The site around the hub frame that asks. */
  embedder?: string;
  platform: Platform;
  signal: AbortSignal;
}

/** `key`: a retried call gets the first answer. */
export const createGuestSession = (call: BrokerCall, body: SessionRequest, key: string): Promise<SessionAnswer> =>
  getSession(call, "", body, { "Idempotency-Key": key });

export const refreshGuestSession = (call: BrokerCall, body: RefreshRequest, ticket: string): Promise<SessionAnswer> =>
  getSession(call, "/refresh", body, { Authorization: `Bearer ${ticket}` });

async function getSession(
  call: BrokerCall,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<SessionAnswer> {
  const { json, failure } = await ask(call, "POST", `sessions${path}`, body, headers);
  if (failure) throw failure;
  const fault = findAnswerFault(json);
  // A captive portal answers 200 with a page of its own: the network is at fault, not the broker.
  if (fault) throw new ConnectionFailure("CHAT_BROKER_INVALID", `${call.broker}: no ${fault} in the answer`, {});
  return json as SessionAnswer;
}

/** `json` is null where the body is none; `failure` is there when the status is no success. */
export interface BrokerAnswer {
  status: number;
  json: unknown;
  failure: ConnectionFailure | undefined;
}

/** Any call to the broker, by its path below `/v1/`. Throws CHAT_BROKER_UNREACHABLE. */
export async function ask(
  { broker, embedder, platform, signal }: BrokerCall,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<BrokerAnswer> {
  try {
    const response = await platform.fetch(`${broker}/v1/${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...(embedder && { "X-Embedder-Origin": embedder }), ...headers },
      body: JSON.stringify(body),
      credentials: "omit",
      redirect: "error",
      signal,
    });
    const { ok, status, headers: told } = response;
    const json = parse(await response.text());
    return { status, json, failure: ok ? undefined : toFailure(status, json, told.get("Retry-After")) };
  } catch {
    throw new ConnectionFailure("CHAT_BROKER_UNREACHABLE", broker, {});
  }
}

const CODES: ReadonlyMap<unknown, ChatErrorCode> = new Map([
  ["origin_not_allowed", "CHAT_NOT_ALLOWED"],
  ["attributes_too_large", "CHAT_ATTRIBUTES_TOO_LARGE"],
]);

/** A problem document (RFC 9457), or whatever stood between us and the broker. */
function toFailure(status: number, json: unknown, header: string | null): ConnectionFailure {
  const { code, detail, retryAfter } = isPlain(json) ? json : {};
  const chatCode = CODES.get(code) ?? (status >= 500 || status === 429 ? "CHAT_UNAVAILABLE" : "CHAT_REFUSED");
  return new ConnectionFailure(chatCode, [status, code, detail].join(" ").trim(), {
    status,
    retryAfter: isNumber(retryAfter) ? (retryAfter as number) * 1000 : header,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
