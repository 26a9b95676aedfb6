/** The one judge of failures: a close code 1000-1015, an HTTP status or a timeout -> retry, refresh, new session or stop. */
import type { ChatErrorData } from "../chat/error.ts";
import type { RetryDecision } from "../chat/event.ts";
import { toErrorData } from "../chat/failure.ts";
import { ConnectionFailure } from "./protocol.ts";
import { toRetryAfter } from "./retry-after.ts";

export interface Verdict {
  decision: RetryDecision;
  reason: ChatErrorData;
  /** What is counted against `decision.times`. */
  cause: string;
  /** The server sheds load: all that it lost come back at once unless they spread. */
  load: boolean;
  /** ms that the server asked for, if it did. */
  retryAfter?: number;
  /** The socket never opened: no more than that can be known in a browser. */
  unopened: boolean;
}

const RETRY: RetryDecision = { do: "retry" };
const RETRY_THRICE: RetryDecision = { do: "retry", times: 3 };
const STOP: RetryDecision = { do: "stop" };

/**
 * RFC 6455, section 7.4, and https://www.iana.org/assignments/websocket/websocket.xhtml; what stands here is not
 * simply tried again. 1000 without our having asked is as 1001; 1015 may be a captive portal that goes away.
 */
const CLOSE_CODES: Readonly<Record<number, RetryDecision>> = {
  1002: RETRY_THRICE, // protocol error
  1003: RETRY_THRICE, // unsupported data
  1007: RETRY_THRICE, // invalid payload
  1008: STOP, // policy violation
  1009: RETRY_THRICE, // too big
  1010: STOP, // extension missing
};

/** Registered codes end here; above are libraries', frameworks' and the dialects' own. */
const REGISTERED_MAX = 1015;

const byCloseCode = (code: number): RetryDecision =>
  CLOSE_CODES[code] ?? (code <= REGISTERED_MAX ? RETRY : RETRY_THRICE);

const SHEDS_LOAD = [1001, 1012, 1013];

/** Where the network is at fault, or the server's moment: tried again for as long as it takes. */
const byStatus = (status: number | undefined): RetryDecision =>
  status === undefined || status === 408 || status === 429 || status >= 500 ? RETRY : STOP;

/** `closeCodes` are the dialect's own; they come first. `now` in ms of our clock. */
export function judge(error: unknown, closeCodes: Readonly<Record<number, RetryDecision>>, now: number): Verdict {
  const reason = toErrorData(error);
  // Not foreseen: the chat must neither die of it nor hammer the server.
  if (!(error instanceof ConnectionFailure)) {
    return { decision: RETRY_THRICE, reason, cause: reason.code, load: false, unopened: false };
  }
  const { close, status, decision, retryAfter: asked, unopened = false } = error.circumstances;
  const retryAfter = toRetryAfter(asked, now);
  const next = decision ?? (close === undefined ? byStatus(status) : (closeCodes[close] ?? byCloseCode(close)));
  return {
    decision: next,
    reason,
    // Apart by decision: timeouts before it must not use up the one refresh that is allowed.
    cause: `${reason.code} ${close ?? status} ${next.do}`,
    load: retryAfter !== undefined || next.load === true || SHEDS_LOAD.includes(close ?? 0),
    retryAfter,
    unopened,
  };
}
