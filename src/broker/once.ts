/** Single flight with a memory: who asks for the same thing joins the call under way, or gets its answer while that is kept. */
import type { BrokerStore } from "./store.ts";

/** Runs `work` unless `key` is under way or kept; `keepMs` says how long its answer is kept. A failure is never kept. */
export type Once = <T>(key: string, keepMs: (made: T) => number, work: () => Promise<T>) => Promise<T>;

export function createOnce(store: BrokerStore): Once {
  const underWay = new Map<string, Promise<string>>();
  return async <T>(key: string, keepMs: (made: T) => number, work: () => Promise<T>): Promise<T> => {
    let running = underWay.get(key);
    if (!running) {
      const run = async () => {
        const kept = await store.get(key);
        if (kept !== undefined) return kept;
        const made = await work();
        const text = JSON.stringify(made);
        await store.set(key, text, keepMs(made));
        return text;
      };
      running = run().finally(() => underWay.delete(key));
      underWay.set(key, running);
    }
    return JSON.parse(await running) as T;
  };
}
