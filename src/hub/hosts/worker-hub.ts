/** What a SharedWorker does: one hub for all tabs that ask for it by the same name. */
import { createHub } from "../hub.ts";
import { toPort } from "../message-port.ts";
import { openSession } from "../open-session.ts";
import type { HubPort } from "../port.ts";
import { whenTabGone } from "../tab-lock.ts";

/** The part of SharedWorkerGlobalScope that is used; TypeScript's library for it clashes with the DOM's. */
interface WorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
}

/** Called once, before the script has run to its end: tabs that have asked by then wait until it has. */
export function startWorkerHub(): void {
  const hub = createHub({ openSession, whenGone: whenTabGone });
  (globalThis as unknown as WorkerScope).onconnect = ({ ports }) => {
    const port: HubPort = toPort(ports[0] as MessagePort);
    // A sign of life: the tab knows that the script has loaded and runs.
    port.post({});
    hub.accept(port);
  };
}
