/** The live connection of a session, or the wait for it. */
import { Failure } from "../chat/failure.ts";
import type { Live } from "./connect.ts";
import type { Clock } from "./platform.ts";

const WAIT_MS = 30_000;

export interface LiveConnection {
  readonly current: Live | null;
  up(live: Live): void;
  down(): void;
  /** The current one, or the next; rejects with CHAT_OFFLINE when there is none within 30 s. */
  next(): Promise<Live>;
}

export function createLiveConnection(clock: Clock): LiveConnection {
  let waiting: ((live: Live) => void)[] = [];
  let current: Live | null = null;

  return {
    get current() {
      return current;
    },
    up(live) {
      current = live;
      for (const go of waiting) go(live);
      waiting = [];
    },
    down() {
      current = null;
    },
    async next() {
      if (current) return current;
      return new Promise((resolve, reject) => {
        const cancel = clock.after(WAIT_MS, () => reject(new Failure("CHAT_OFFLINE")));
        waiting.push((live) => {
          cancel();
          resolve(live);
        });
      });
    },
  };
}
