/** When credentials must be refreshed: by the server's clock, however long their life. */
import type { Clock } from "./platform.ts";
import type { Credentials } from "./protocol.ts";

const THRESHOLD_MS = 300_000;
const SHARE = 0.2;
/** A timer with a longer delay fires at once: https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Server time, in ms, from which on fewer than min(5 minutes, 20 %) of the life are left; null where nothing expires. */
export function refreshTime({ issuedAt = 0, expiresAt }: Credentials): number | null {
  if (expiresAt === undefined) return null;
  return expiresAt - Math.min(THRESHOLD_MS, SHARE * (expiresAt - issuedAt));
}

/** `serverNow` in ms on the server's clock. */
export function isFresh(credentials: Credentials, serverNow: number): boolean {
  const time = refreshTime(credentials);
  return time === null || serverNow < time;
}

/** A timer that may be longer than a browser allows. Returns the way to call it off. */
export function longTimer(clock: Clock, ms: number, callback: () => void): () => void {
  if (ms <= LONGEST_TIMER_MS) return clock.after(ms, callback);
  let cancel = clock.after(LONGEST_TIMER_MS, () => {
    cancel = longTimer(clock, ms - LONGEST_TIMER_MS, callback);
  });
  return () => cancel();
}
