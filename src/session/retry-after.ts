/** Retry-After: how long a server asks to be left alone, and how much of it is given. */

const LONGEST_MS = 900_000;

/** No server may put a guest off for longer than 15 minutes, nor for less than nothing. */
export const clampPause = (ms: number): number => Math.min(LONGEST_MS, Math.max(0, ms));

/** A header's seconds, or HTTP date (RFC 9110, section 10.2.3), to ms; undefined where it is neither. A number is in ms. */
export function toRetryAfter(header: number | string | null | undefined, now: number): number | undefined {
  if (typeof header === "number") return header;
  if (!header) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : clampPause(ms);
}
