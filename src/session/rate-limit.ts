/** Rate limit: never more than the platform takes in a while, and less for a time after it has refused some. */
import type { RateLimit } from "../chat/event.ts";
import type { Clock } from "./platform.ts";

/** However often the platform refuses, so many are tried in its longest while. */
const LEAST = 5;

export interface Rate {
  /** ms until one more may be sent. Less than 1 as `part` leaves the rest to what must arrive. */
  wait(part?: number): number;
  sent(): void;
  /** Additive increase: one more after as many as fit. */
  accepted(): void;
  /** Multiplicative decrease: half of what was really sent. */
  refused(): void;
}

/** `limits` are those of now, from the shortest while to the longest. */
export function createRate(clock: Clock, limits: () => readonly RateLimit[]): Rate {
  /** When those of the longest while were sent. */
  let times: number[] = [];
  /** In the longest while; AIMD. */
  let most = Number.POSITIVE_INFINITY;

  return {
    wait(part = 1) {
      const waits = limits().map(({ count, ms }, n, { length }) => {
        const taken = (n + 1 < length ? count : Math.min(count, most)) * part;
        return (times.at(-Math.max(1, Math.floor(taken))) ?? Number.NEGATIVE_INFINITY) + ms - clock.monotonic();
      });
      return Math.max(0, ...waits);
    },
    sent() {
      const since = clock.monotonic() - (limits().at(-1)?.ms ?? 0);
      times = [...times.filter((time) => time > since), clock.monotonic()];
    },
    accepted() {
      most += 1 / most;
    },
    refused() {
      most = Math.max(LEAST, Math.min(most, times.length) / 2);
    },
  };
}
