/** Budget: so many requests in a window of time, and no more. */
import { Failure } from "../../chat/failure.ts";
import type { Clock } from "../../session/platform.ts";

export interface Budget {
  /** Takes one if it is there. */
  tryTake(): boolean;
  /** Takes one as soon as it is there; rejects with CHAT_INTERRUPTED when `signal` aborts. */
  take(signal: AbortSignal): Promise<void>;
}

export function createBudget(clock: Clock, most: number, windowMs: number): Budget {
  let taken: number[] = [];

  /** ms until there is one again; 0 where there is. */
  function wait(): number {
    const now = clock.monotonic();
    taken = taken.filter((at) => at > now - windowMs);
    return taken.length < most ? 0 : (taken[0] as number) + windowMs - now;
  }

  function tryTake() {
    if (wait() > 0) return false;
    taken.push(clock.monotonic());
    return true;
  }

  return {
    tryTake,
    async take(signal) {
      for (;;) {
        if (signal.aborted) throw new Failure("CHAT_INTERRUPTED");
        if (tryTake()) return;
        await new Promise<void>((resolve) => {
          const go = () => {
            cancel();
            signal.removeEventListener("abort", go);
            resolve();
          };
          const cancel = clock.after(wait(), go);
          signal.addEventListener("abort", go);
        });
      }
    },
  };
}
