/** A fence around the sockets of a tab that leads: frozen and deposed meanwhile, it sends nothing when it thaws, though it does not know yet. */
import type { Clock, PlatformSocket } from "../../session/platform.ts";
import { BEAT_MS } from "./follower.ts";

export interface FenceOptions {
  /** Asks whoever knows. */
  leads(): Promise<boolean>;
  clock: Clock;
}

const OPEN = 1;

/** What it is to send goes out once it is certain that this tab leads, and in order; where another one does, never. */
export function fence(socket: PlatformSocket, { leads, clock }: FenceOptions): PlatformSocket {
  /** In less than a beat nobody is deposed. Later the answer is of no use: the tab may have been frozen while it asked. */
  async function isSure(): Promise<boolean> {
    const asked = clock.monotonic();
    if (!(await leads())) return false;
    return clock.monotonic() - asked < BEAT_MS || isSure();
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    get readyState() {
      return socket.readyState;
    },
    send(text) {
      last = last.then(async () => {
        // It may have closed while the answer was awaited.
        if ((await isSure()) && socket.readyState === OPEN) socket.send(text);
      });
      // Its close tells of all that goes wrong with it.
      last = last.catch(() => {});
    },
    close: (code, reason) => socket.close(code, reason),
    addEventListener: (type, listener) => socket.addEventListener(type, listener),
  };
}

/** Whether who holds the lock `mine` also holds `other`: what the lock manager knows, a page that thaws is told only later. */
export async function holdsBoth(mine: string, other: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  const holder = (name: string) => held.find((lock) => lock.name === name)?.clientId;
  return holder(mine) === holder(other);
}
