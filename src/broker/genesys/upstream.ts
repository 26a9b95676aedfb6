/** Calls to Genesys with its rules: paced, timed out, network errors and 5xx tried again, 429 waited for (profile, section 1). */
import type { Log } from "../log.ts";
import type { BrokerClock, Fetch } from "../options.ts";
import { Refusal } from "../problem.ts";
import type { Pace } from "./pace.ts";

const TRIES = 3;
/** A browser must not hang: no try begins later than this. */
const PATIENCE_MS = 5_000;
const TRY_MS = 8_000;
const BACKOFF_MS = 500;
const RETRY_AFTER_MS = 2_000;
const RETRY_AFTER_MAX_MS = 15 * 60_000;

/**
 * Resolves with any answer that is not 429 or 5xx, its body read; rejects with a `Refusal`.
 * `call` names it in the log; `request` is asked for a new Request at each try.
 */
export type Upstream = (call: string, request: (signal: AbortSignal) => Request) => Promise<Response>;

export function createUpstream(parts: {
  fetch: Fetch;
  pace: Pace;
  clock: BrokerClock;
  random: () => number;
  log: Log;
}): Upstream {
  const { fetch, pace, clock, random, log } = parts;
  return async (call, request) => {
    const until = clock.monotonic() + PATIENCE_MS;
    for (let tries = 1; ; tries++) {
      await pace.take(until);
      const answer = await attempt(fetch, request);
      if (answer instanceof Response && answer.status === 429) {
        const ms = toRetryAfterMs(answer.headers.get("Retry-After"), clock.now());
        log("warn", "upstream_rate_limited", { call, tries, retryAfter: Math.ceil(ms / 1000) });
        pace.hold(ms);
        if (tries === TRIES) throw new Refusal("upstream_rate_limited", undefined, ms);
        continue;
      }
      if (answer instanceof Response && answer.status < 500) return answer;
      const reason = answer instanceof Response ? `status ${answer.status}` : answer.reason;
      log("warn", "upstream_failed", { call, tries, reason });
      const pause = random() * BACKOFF_MS * 2 ** (tries - 1);
      if (tries === TRIES || clock.monotonic() + pause > until) throw new Refusal("upstream_unavailable");
      await clock.wait(pause);
    }
  };
}

/** The body is read here, so that an answer cut off half-way is a network error too. */
async function attempt(
  fetch: Fetch,
  request: (signal: AbortSignal) => Request,
): Promise<Response | { reason: string }> {
  try {
    const { status, headers, ...answer } = await read(await fetch(request(AbortSignal.timeout(TRY_MS))));
    return new Response(answer.text || null, { status, headers });
  } catch (error) {
    return { reason: toReason(error) };
  }
}

const read = async (response: Response) => ({
  status: response.status,
  headers: response.headers,
  text: await response.text(),
});

/** A name or system code (`ECONNREFUSED`): an error's message may quote what must not be logged. */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { cause } = error;
  if (typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string") {
    return cause.code;
  }
  return error.name;
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3) to ms, clamped to 0…15 min; 2 s when missing or unreadable. */
export function toRetryAfterMs(value: string | null, now: number): number {
  if (value === null) return RETRY_AFTER_MS;
  const ms = /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? RETRY_AFTER_MS : Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS);
}
