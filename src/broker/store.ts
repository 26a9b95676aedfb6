/** What brokers may share (cached access token, first answers, revoked tickets) behind the smallest interface, and one in memory. */

export interface BrokerStore {
  get(key: string): Promise<string | undefined>;
  /** Keeps `value` for `ms`, then forgets it. */
  set(key: string, value: string, ms: number): Promise<void>;
  delete(key: string): Promise<void>;
}

const SWEEP_MS = 60_000;

/** One process's memory. `monotonic` gives ms that never go back. */
export function createMemoryStore(monotonic: () => number): BrokerStore {
  const kept = new Map<string, { value: string; until: number }>();
  let sweepAt = monotonic() + SWEEP_MS;
  const sweep = (now: number) => {
    if (now < sweepAt) return;
    sweepAt = now + SWEEP_MS;
    for (const [key, { until }] of kept) if (until <= now) kept.delete(key);
  };
  return {
    async get(key) {
      const found = kept.get(key);
      return found && found.until > monotonic() ? found.value : undefined;
    },
    async set(key, value, ms) {
      const now = monotonic();
      sweep(now);
      kept.set(key, { value, until: now + ms });
    },
    async delete(key) {
      kept.delete(key);
    },
  };
}
