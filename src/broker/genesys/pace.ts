/** The token bucket before Genesys: calls queue here instead of running into its rate limit (profile, section 1). */
import type { BrokerClock } from "../options.ts";
import { Refusal } from "../problem.ts";

export interface Pace {
  /** Resolves when a call may be made. `until` (monotonic ms): rejects at once when its turn comes later. */
  take(until: number): Promise<void>;
  /** No call for `ms`: Genesys has said so. */
  hold(ms: number): void;
}

/**
 * A tenth of the limit may go at once, 85 % of it flows in over a minute: in any 60 s at most 95 % of the limit.
 * Kept as one number, the moment at which the bucket will be full again (GCRA).
 */
export function createPace(perMinute: number, clock: BrokerClock): Pace {
  const interval = 60_000 / (perMinute * 0.85);
  const burst = (Math.max(1, Math.floor(perMinute / 10)) - 1) * interval;
  let fullAt = Number.NEGATIVE_INFINITY;
  let heldUntil = Number.NEGATIVE_INFINITY;
  return {
    async take(until) {
      for (;;) {
        const now = clock.monotonic();
        const turn = Math.max(now, fullAt - burst);
        if (turn > Math.max(now, until)) {
          throw new Refusal("upstream_rate_limited", undefined, turn - now);
        }
        fullAt = Math.max(fullAt, now) + interval;
        if (turn > now) await clock.wait(turn - now);
        // Genesys may have said "wait" while this call stood in the queue.
        if (clock.monotonic() >= heldUntil) return;
      }
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, clock.monotonic() + ms);
      fullAt = Math.max(fullAt, heldUntil + burst);
    },
  };
}
