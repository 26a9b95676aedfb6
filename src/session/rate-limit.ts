/** Rate limit: never more than the platform takes in a while, and less for a time after it has refused some. */
import type { RateLimit } from "../chat/event.ts";
import type { Clock } from "./platform.ts";

/** However often the platform refuses, so many are tried in its longest while. */
const LEAST = 5;

export interface Rate {
  /** ms until one more may be sent. Less than 1 as `part` leaves the rest to what must arrive. */
  wait(part?: number): number;
  /** `isMessage`: counts in the shorter whiles too, which the platform has for messages alone. */
  sent(isMessage?: boolean): void;
  /** Additive increase: one more after as many as fit. */
  accepted(): void;
  /** Multiplicative decrease: half of what was really sent. */
  refused(): void;
}

/** `limits` are those of now, from the shortest while to the longest. `isOneOut`: a message was sent before there was a rate. */
export function createRate(clock: Clock, limits: () => readonly RateLimit[], isOneOut = false): Rate {
  /** When those of the longest while were sent, and which of them are messages. */
  let times = isOneOut ? [clock.monotonic()] : [];
  let messages = times;
  /** In the longest while; AIMD. */
  let most = Number.POSITIVE_INFINITY;

  return {
    wait(part = 1) {
      const waits = limits().map(({ count, ms }, n, { length }) => {
        const [sent, taken] = n + 1 < length ? [messages, count] : [times, Math.min(count, most)];
        return (sent.at(-Math.max(1, Math.floor(taken * part))) ?? Number.NEGATIVE_INFINITY) + ms - clock.monotonic();
      });
      return Math.max(0, ...waits);
    },
    sent(isMessage = true) {
      const now = clock.monotonic();
      const isRecent = (time: number) => time > now - (limits().at(-1)?.ms ?? 0);
      times = [...times.filter(isRecent), now];
      if (isMessage) messages = [...messages.filter(isRecent), now];
    },
    accepted() {
      most += 1 / most;
    },
    refused() {
      // Of so few it is not the longest while that is full.
      if (times.length > LEAST) most = Math.max(LEAST, Math.min(most, times.length) / 2);
    },
  };
}
