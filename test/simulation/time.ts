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
  /** Lets `ms` pass, timer by timer, and everything that follows from each. `look` is called after each. */
  pass(ms: number, look?: () => void): Promise<void>;
}

/** No timer is finer: a wait that is lost in rounding would begin again at the same moment, for ever. */
const FINEST_MS = 0.001;
/** How long a timer really waits. */
export const toWait = (ms: number): number => (ms > 0 ? Math.max(FINEST_MS, ms) : 0);

const START = Date.parse("2026-11-22T12:00:00Z");

interface Timer {
  at: number;
  /** Of two for one moment, the first that was set goes first. */
  id: number;
  callback: (() => void) | null;
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.id < b.id);

/** Timers in the order in which they are due: a binary heap, as a herd has tens of thousands. */
function createQueue() {
  const heap: Timer[] = [];
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b] as Timer, heap[a] as Timer];
  };
  const isEarlier = (a: number, b: number) => isBefore(heap[a] as Timer, heap[b] as Timer);
  return {
    first: (): Timer | undefined => heap[0],
    add(timer: Timer) {
      let at = heap.push(timer) - 1;
      for (let above = (at - 1) >> 1; at > 0 && isEarlier(at, above); above = (at - 1) >> 1) {
        swap(at, above);
        at = above;
      }
    },
    take() {
      const last = heap.pop() as Timer;
      if (heap.length === 0) return;
      heap[0] = last;
      for (let at = 0; ; ) {
        let least = at;
        for (const below of [2 * at + 1, 2 * at + 2]) if (below < heap.length && isEarlier(below, least)) least = below;
        if (least === at) return;
        swap(at, least);
        at = least;
      }
    },
  };
}

/** Of the process: the simulation puts another in its place. */
const afterAll = setImmediate;

/** All promises that wait for no timer are settled after one turn; a second for what a turn has put off. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => afterAll(resolve));
}

export function createTime(): VirtualTime {
  let elapsed = 0;
  let ids = 0;
  const queue = createQueue();

  const clock: Clock = {
    now: () => START + elapsed,
    monotonic: () => elapsed,
    after(ms, callback) {
      ids += 1;
      const timer: Timer = { at: elapsed + toWait(ms), id: ids, callback };
      queue.add(timer);
      return () => {
        timer.callback = null;
      };
    },
  };

  return {
    clock,
    wait: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
    async pass(ms, look = () => {}) {
      const end = elapsed + ms;
      await settle();
      for (let next = queue.first(); next && next.at <= end; next = queue.first()) {
        queue.take();
        if (!next.callback) continue;
        elapsed = next.at;
        next.callback();
        await settle();
        look();
      }
      elapsed = end;
    },
  };
}
