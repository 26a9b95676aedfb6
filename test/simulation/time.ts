/** Virtual time for a simulation: everything that waits, waits here, and nothing passes while a promise is still on its way. */
import type { Clock } from "../../src/session/platform.ts";

/** mulberry32: small, seeded, even enough. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface VirtualTime {
  clock: Clock;
  wait(ms: number): Promise<void>;
  /** What really takes time, as cryptography does in another thread: virtual time stands still until it is done. */
  held<T>(work: Promise<T>): Promise<T>;
  /** Lets `ms` pass, timer by timer, and everything that follows from each. `look` is called after each. */
  pass(ms: number, look?: () => void): Promise<void>;
}

const START = Date.parse("2026-11-22T12:00:00Z");

/** What is done in another thread, over all worlds: only one is played at a time. */
let holding = 0;

async function held<T>(work: Promise<T>): Promise<T> {
  holding += 1;
  try {
    return await work;
  } finally {
    holding -= 1;
  }
}

// Servers verify tokens without telling anybody when they are done.
for (const name of ["digest", "importKey", "sign", "verify"] as const) {
  const work = crypto.subtle[name].bind(crypto.subtle) as (...given: unknown[]) => Promise<unknown>;
  Object.assign(crypto.subtle, { [name]: (...given: unknown[]) => held(work(...given)) });
}

export function createTime(): VirtualTime {
  let elapsed = 0;
  let ids = 0;
  const timers = new Map<number, { at: number; callback: () => void }>();

  const clock: Clock = {
    now: () => START + elapsed,
    monotonic: () => elapsed,
    after(ms, callback) {
      ids += 1;
      const id = ids;
      timers.set(id, { at: elapsed + Math.max(0, ms), callback });
      return () => timers.delete(id);
    },
  };

  async function settle() {
    for (let quiet = 0; quiet < 4; quiet = holding > 0 ? 0 : quiet + 1) await new Promise(setImmediate);
  }

  return {
    clock,
    wait: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
    held,
    async pass(ms, look = () => {}) {
      const end = elapsed + ms;
      await settle();
      for (;;) {
        let next: [number, { at: number; callback: () => void }] | undefined;
        for (const timer of timers) if (timer[1].at <= end && (!next || timer[1].at < next[1].at)) next = timer;
        if (!next) break;
        timers.delete(next[0]);
        elapsed = Math.max(elapsed, next[1].at);
        next[1].callback();
        await settle();
        look();
      }
      elapsed = end;
    },
  };
}
