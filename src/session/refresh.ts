/** When credentials must be refreshed: by the server's clock, however long their life. */
import type { Credentials } from "./protocol.ts";

const THRESHOLD_MS = 300_000;
const SHARE = 0.2;

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
