/** What each of the platform's error codes asks for (reference, section 5): while a session is configured, and later. */
import type { ChatErrorCode, ChatErrorData } from "../../chat/error.ts";
import type { HandlerEvent, RetryDecision } from "../../chat/event.ts";
import { clampPause } from "../../session/retry-after.ts";
import type { Refusal } from "../../wire/web-messaging/answers.ts";

/** Missing in a refusal that should have it, in seconds. */
const RETRY_AFTER_S = 3;

export const isTooMany = ({ code }: Refusal): boolean => code === 429 || code === 4029;
/** ms. */
export const toWait = ({ retryAfter = RETRY_AFTER_S }: Refusal): number => clampPause(retryAfter * 1000);
const isServers = (code: number): boolean => (code >= 500 && code < 600) || code === 5000;

/** Texts that the platform has and no codes (reference, section 3.11). */
export const asksToSignIn = ({ code, message }: Refusal): boolean =>
  code === 403 && /^(session authentication failed|try to authenticate again)/i.test(message);

type Lost = Extract<HandlerEvent, { type: "lost" }>;

const lose = (decision: RetryDecision, code: ChatErrorCode, detail: string): Lost => ({
  type: "lost",
  decision,
  error: { code, detail },
});

/** Ends the connection, whenever it comes; null where it does not. */
export function toEnd({ code }: Refusal): Lost | null {
  switch (code) {
    case 1001:
      return lose({ do: "retry" }, "CHAT_CONNECTION_LOST", "1001");
    // What the guest writes next begins a new one: until then nothing is asked of the server.
    case 4006:
      return lose({ do: "stop" }, "CHAT_SESSION_EXPIRED", "4006");
    case 4007:
      return lose({ do: "new-session", times: 3 }, "CHAT_SESSION_EXPIRED", "4007");
    case 4017:
      return lose({ do: "new-session", times: 3 }, "CHAT_REFUSED", "4017");
    default:
      return null;
  }
}

/** The answer to a configureSession: without a session nothing else can be done. */
export function toConfigureFailure(refusal: Refusal): Lost {
  const { code, message } = refusal;
  const detail = `${code} ${message}`;
  if (isTooMany(refusal)) return { ...lose({ do: "retry" }, "CHAT_UNAVAILABLE", detail), retryAfter: toWait(refusal) };
  if (code === 408) return lose({ do: "retry" }, "CHAT_CONNECTION_LOST", detail);
  if (isServers(code)) return lose({ do: "retry", times: 3 }, "CHAT_UNAVAILABLE", detail);
  return lose({ do: "stop" }, code === 403 ? "CHAT_NOT_ALLOWED" : "CHAT_REFUSED", detail);
}

/** Why a message is not taken. */
export function toMessageError({ code, message }: Refusal): ChatErrorData {
  // Its file has expired, or never arrived.
  if (code >= 4008 && code <= 4010) {
    return { code: "CHAT_FILE_GONE", detail: `${code}`, guest: "The file is no longer there. Please attach it again." };
  }
  const ours: ChatErrorCode =
    code === 409 ? "CHAT_ENDED" : code === 4011 ? "CHAT_TEXT_TOO_LONG" : "CHAT_MESSAGE_REFUSED";
  return { code: ours, detail: `${code} ${message}` };
}
