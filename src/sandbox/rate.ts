/** Rate: how often something may happen in a while, by key, as a sliding window. */

const MINUTE = 60_000;

export interface Rate {
  /** Takes one: 0 when it was free, else the whole seconds until the next one is. */
  take(key?: string): number;
}

/** `now` in ms since the epoch. `windowMs`: default a minute. */
export function createRate(most: number, now: () => number, windowMs = MINUTE): Rate {
  const taken = new Map<string, number[]>();
  return {
    take(key = "") {
      const at = now();
      const recent = (taken.get(key) ?? []).filter((time) => time > at - windowMs);
      taken.set(key, recent);
      if (recent.length < most) {
        recent.push(at);
        return 0;
      }
      return Math.max(1, Math.ceil(((recent[0] ?? at) + windowMs - at) / 1000));
    },
  };
}
