/** What a SharedWorker does: one hub for all tabs that ask for it by the same name. */
import { createHub } from "../hub.ts";
import { holdHubLock } from "../hub-lock.ts";
import { toPort } from "../message-port.ts";
import { openSession } from "../open-session.ts";
import type { Port, Sign, Update } from "../port.ts";
import { whenTabGone } from "../when-tab-gone.ts";

/** The part of SharedWorkerGlobalScope that is used; TypeScript's library for it clashes with the DOM's. */
interface WorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
}

/** Called once, before the script has run to its end: tabs that have asked by then wait until it has. */
export function startWorkerHub(): void {
  const hub = createHub({ openSession, whenGone: whenTabGone });
  const held = holdHubLock();
  (globalThis as unknown as WorkerScope).onconnect = async ({ ports }) => {
    const port: Port<Update | Sign, unknown> = toPort(ports[0] as MessagePort);
    // A sign of life: the tab knows that the script has loaded and runs. Not before the lock is held, or a tab could be granted it.
    port.post({ lock: await held });
    hub.accept(port);
  };
}
