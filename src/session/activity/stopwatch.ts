/** Stopwatch: the time that goes by on a machine that is awake, by the clock that never goes back. */
import type { Clock } from "../platform.ts";

/** A browser looks after a page in the background once a minute at least: who has not looked for longer has slept. */
const ASLEEP_MS = 90_000;

/** Each call gives the whole ms since the last one; 0 where the machine has slept in between. */
export function createStopwatch(clock: Clock): () => number {
  const now = () => Math.round(clock.monotonic());
  let looked = now();
  return () => {
    const step = now() - looked;
    looked += step;
    return step > ASLEEP_MS ? 0 : step;
  };
}
