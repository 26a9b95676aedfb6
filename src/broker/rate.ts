/** How often a session may call: a token bucket each, kept only until it is full again. */
import type { BrokerClock } from "./options.ts";
import { Refusal } from "./problem.ts";

/** Throws `rate_limited` with the time to wait. */
export type Rate = (key: string) => void;

/** `burst` calls at once, `perMinute` in the long run. The bucket as one number, the moment it will be full (GCRA). */
export function createRate({ burst, perMinute }: { burst: number; perMinute: number }, clock: BrokerClock): Rate {
  const interval = 60_000 / perMinute;
  const fullAt = new Map<string, number>();
  let sweepAt = 0;
  return (key) => {
    const now = clock.monotonic();
    if (now >= sweepAt) {
      sweepAt = now + 60_000;
      for (const [each, at] of fullAt) if (at <= now) fullAt.delete(each);
    }
    const at = Math.max(fullAt.get(key) ?? now, now);
    const wait = at - (burst - 1) * interval - now;
    if (wait > 0) throw new Refusal("rate_limited", undefined, wait);
    fullAt.set(key, at + interval);
  };
}
