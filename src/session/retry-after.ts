/** Retry-After: how long a server asks to be left alone. */

/** No server may put a guest off for longer. */
const LONGEST_MS = 900_000;

/** Seconds, or an HTTP date (RFC 9110, section 10.2.3), to ms; undefined where it is neither. */
export function toRetryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_MS);
}
