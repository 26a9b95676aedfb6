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
  platform: Platform;
  signal: AbortSignal;
}

/** `key`: a retried call gets the first answer. */
export const createGuestSession = (call: BrokerCall, body: SessionRequest, key: string): Promise<SessionAnswer> =>
  post(call, "", body, { "Idempotency-Key": key });

export const refreshGuestSession = (call: BrokerCall, body: RefreshRequest, ticket: string): Promise<SessionAnswer> =>
  post(call, "/refresh", body, { Authorization: `Bearer ${ticket}` });

async function post(
  { broker, platform, signal }: BrokerCall,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<SessionAnswer> {
  let response: Response;
  let text: string;
  try {
    response = await platform.fetch(`${broker}/v1/sessions${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
      credentials: "omit",
      redirect: "error",
      signal,
    });
    text = await response.text();
  } catch {
    throw new ConnectionFailure("CHAT_BROKER_UNREACHABLE", broker, {});
  }
  const json = parse(text);
  if (!response.ok) throw toFailure(response.status, json);
  const fault = findAnswerFault(json);
  // A captive portal answers 200 with a page of its own: the network is at fault, not the broker.
  if (fault) throw new ConnectionFailure("CHAT_BROKER_INVALID", `${broker}: no ${fault} in the answer`, {});
  return json as SessionAnswer;
}

const CODES: Readonly<Record<string, ChatErrorCode>> = {
  origin_not_allowed: "CHAT_NOT_ALLOWED",
  attributes_too_large: "CHAT_ATTRIBUTES_TOO_LARGE",
};

/** A problem document (RFC 9457), or whatever stood between us and the broker. */
function toFailure(status: number, json: unknown): ConnectionFailure {
  const { code, detail, retryAfter } = isPlain(json) ? json : {};
  const chatCode = CODES[String(code)] ?? (status >= 500 || status === 429 ? "CHAT_UNAVAILABLE" : "CHAT_REFUSED");
  return new ConnectionFailure(chatCode, [status, code, detail].join(" ").trim(), {
    status,
    retryAfter: isNumber(retryAfter) ? (retryAfter as number) * 1000 : undefined,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
