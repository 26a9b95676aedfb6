/** Watches the clocks of a live connection: a machine that has slept, or whose clock was set, does not always tell. */
import type { Clock } from "./platform.ts";

const LOOK_MS = 5_000;
/** So much late, or so far apart, is no timer's inexactness. */
const JUMP_MS = 5_000;

export interface WatchClockRequest {
  platform: { clock: Clock };
  wake(): void;
  signal: AbortSignal;
}

/** The monotonic clock of some systems stands still in a sleep: https://developer.mozilla.org/docs/Web/API/Performance/now#ticking_during_sleep */
export function watchClock({ platform: { clock }, wake, signal }: WatchClockRequest): void {
  let cancel = () => {};
  function look() {
    const began = clock.monotonic();
    const wall = clock.now();
    cancel = clock.after(LOOK_MS, () => {
      const passed = clock.monotonic() - began;
      const apart = Math.abs(clock.now() - wall - passed);
      if (passed - LOOK_MS > JUMP_MS || apart > JUMP_MS) wake();
      look();
    });
  }
  // The connection may have gone while this was fetched.
  if (!signal.aborted) look();
  signal.addEventListener("abort", () => cancel());
}
