/** What a SharedWorker does: gives all tabs that ask for it by the same name a port to the one hub of their session. */
import { Failure } from "../../chat/failure.ts";
import type { Seat } from "../election/seat.ts";
import { createHub } from "../hub.ts";
import { holdHubLock } from "../hub-lock.ts";
import { toPort } from "../message-port.ts";
import { type OpenProtocol, openSession } from "../open-session.ts";
import type { Port, Sign, Update } from "../port.ts";
import { whenTabGone } from "../when-tab-gone.ts";

/** The part of SharedWorkerGlobalScope that is used; TypeScript's library for it clashes with the DOM's. */
export interface WorkerScope {
  name: string;
  onconnect: ((event: MessageEvent) => void) | null;
  close(): void;
}

/** Called once, with the ports of the tabs that have asked by then. */
export function startWorkerHub(openProtocol: OpenProtocol, asked: readonly MessagePort[]): void {
  const scope = globalThis as unknown as WorkerScope;
  const { locks } = navigator;
  const openHub = () =>
    createHub({ openSession: (options) => openSession(openProtocol, options), whenGone: whenTabGone });
  /** A worker of another version is another worker, and a tab may have had to do without: who holds this lock runs the hub. */
  const service = scope.name.replace(/ \S+/, "");
  let seated: (sitting: Promise<[Seat, lock?: string]>) => void;
  let sitting: Promise<[Seat, lock?: string]>;

  /** Who asks from now on waits for the next. */
  function vacate(): void {
    sitting = new Promise((resolve) => {
      seated = resolve;
    });
  }

  /** When its lock is released, its tabs ask this worker again. */
  function sit(seat: Seat): () => void {
    let release: () => void;
    const over = new Promise<void>((resolve) => {
      release = resolve;
    });
    sitting = holdHubLock(over).then((lock) => [seat, lock]);
    seated(sitting);
    return () => {
      vacate();
      release();
      seat.close();
    };
  }

  /** Alone, as nearly always: what an election takes is fetched when somebody else is there. */
  async function leadAlone(): Promise<void> {
    const channel = new BroadcastChannel(service);
    let rise = () => {};
    let stopLeading = () => {};
    const hold = (lock: Lock | null) => {
      if (!lock) return;
      const hub = openHub();
      rise = sit(hub);
      return new Promise<void>((resign) => {
        channel.onmessage = async () => {
          channel.onmessage = null;
          const { lead } = await import("../election/contest.ts");
          stopLeading = lead(channel, hub, resign);
        };
      });
    };
    await locks.request(service, { ifAvailable: true }, hold).catch(() => {});
    stopLeading();
    rise();
    channel.close();
    const { contest } = await import("../election/contest.ts");
    contest({ service, openHub, sit, onBarred: () => sit(openHub()) }, new AbortController().signal);
  }

  vacate();
  // After a deployment the chunks of this version may be gone.
  if (locks) leadAlone().catch(() => sit(createHub({ openSession: outdated })));
  else sit(openHub());

  async function accept(channel: MessagePort): Promise<void> {
    const port: Port<Update | Sign, unknown> = toPort(channel);
    const [seat, lock] = await sitting;
    // A sign of life: the tab knows that the script has loaded and runs. Not before the lock is held, or a tab could be granted it.
    port.post({ lock });
    seat.accept(port);
  }
  scope.onconnect = ({ ports }) => accept(ports[0] as MessagePort);
  asked.map(accept);
}

async function outdated(): Promise<never> {
  throw new Failure("CHAT_RELOAD_NEEDED");
}
