/** Client: a tab's end. Replicates the chat, carries commands up, and repeats them until they are acknowledged. */
import { apply, type Chat, sortedMessages } from "../chat/chat.ts";
import { type Command, isRepeatable } from "../chat/command.ts";
import { ChatError, type ChatErrorData, fromErrorData } from "../chat/error.ts";
import type { Message } from "../chat/message.ts";
import { type ChatState, initialState } from "../chat/state.ts";
import type { Clock } from "../session/platform.ts";
import { systemClock, timedId } from "../session/system.ts";
import { type StartHost, startHost } from "./host.ts";
import type { HostChoice } from "./hosts/rung.ts";
import { type HubOptions, toSessionKey } from "./options.ts";
import { PORT_VERSION, type Request, type Settled, type TabPort, type Update } from "./port.ts";
import { createUnacknowledged, isTyped, type TabStorage } from "./unacknowledged.ts";

export interface ClientOptions {
  options: HubOptions;
  host: HostChoice;
  /** Default: `worker.js` beside the module. */
  workerUrl?: string;
  /** Trusted Types: gives a TrustedScriptURL, typed as the string that it stands for. */
  toScriptUrl?(url: string): string;
  /** sessionStorage, where it is to be had and wanted. */
  storage?: TabStorage | null;
  clock?: Clock;
  /** For tests: brings up a hub in place of the real hosts. */
  startHost?: StartHost;
}

/** State or messages may be others than they were. */
export interface Change {
  /** The session lives elsewhere than it should, or is not kept: what the site owner can do. */
  degraded?: ChatError;
}

export interface Client {
  readonly state: ChatState;
  /** In order; with what this tab has sent and no hub has acknowledged, as "sending". */
  readonly messages: readonly Message[];
  /**
   * Rejects with a ChatError. A send or reply resolves with the message's id once it is on disk; and where no hub will
   * take it any more but the tab keeps it for the next one.
   */
  dispatch(command: Command): Promise<unknown>;
  subscribe(listener: (change: Change) => void): () => void;
  close(): void;
}

/** A hub that answers sooner shows the bubble itself. */
const SHOW_UNACKNOWLEDGED_MS = 300;

interface Waiting {
  request: Request;
  /** Posted to a hub: if that one goes, only what is repeatable is asked again. */
  posted: boolean;
  settle(result: Settled): void;
}

export function createClient(settings: ClientOptions): Client {
  const { options, clock = systemClock } = settings;
  const storage = options.storage === "memory" ? null : settings.storage;
  const tab = timedId(clock.now());
  const chat: Chat = { state: initialState(), messages: new Map() };
  const unacknowledged = createUnacknowledged(storage, `genesys-guest-chat:${toSessionKey(options)}`);
  const waiting = new Map<string, Waiting>();
  const listeners = new Set<(change: Change) => void>();
  let port: TabPort | null = null;
  let sorted: readonly Message[] | null = null;
  let closed = false;
  let lastAsked = 0;
  /** What a hub cannot know by itself, and the next one is told again. */
  let visible: Command | undefined;
  /** Why there is no hub and will be none: what every command gets. */
  let over: ChatErrorData | null = null;

  function tell(degraded?: ChatError) {
    sorted = null;
    for (const listener of listeners) listener({ degraded });
  }

  /** A fresh port: join, and ask again for what the last hub did not answer. */
  function rejoin(newPort: TabPort) {
    port?.close();
    over = null;
    port = newPort;
    port.listen(take);
    port.post({ type: "join", portVersion: PORT_VERSION, tab, options });
    for (const typed of unacknowledged.all()) port.post(typed);
    for (const entry of waiting.values()) {
      const { request } = entry;
      if (entry.posted && !isRepeatable(request.command)) settle(request.id, { ok: false, error: INTERRUPTED });
      else if (!isTyped(request)) post(entry);
    }
    if (visible) dispatch(visible).catch(() => {});
  }

  function post(entry: Waiting) {
    if (!port) return;
    entry.posted = true;
    port.post(entry.request);
  }

  function take(update: Update) {
    const { durable } = chat.state;
    if (update.reset) {
      chat.state = initialState();
      chat.messages.clear();
    }
    apply(chat, update);
    for (const { id } of update.messages ?? []) settle(id, { ok: true, value: id });
    for (const [id, result] of Object.entries(update.settled ?? {})) settle(id, result);
    // Refused at the join: this hub answers nothing on this port. What was typed stays for the next.
    const { epoch, phase, reason } = chat.state;
    if (phase === "failed" && reason && !epoch) giveUp(reason);
    const blocked = durable && !chat.state.durable && options.storage === "local";
    tell(blocked ? new ChatError("CHAT_STORAGE_BLOCKED") : undefined);
  }

  function settle(id: string, result: Settled) {
    unacknowledged.remove(id);
    waiting.get(id)?.settle(result);
    waiting.delete(id);
  }

  function giveUp(error: ChatErrorData) {
    over = error;
    for (const entry of waiting.values()) abandon(entry, error);
    waiting.clear();
  }

  /** Nobody will answer. What was typed stays in the tab: for who wrote it, it is on its way. Only a memory ends with its client. */
  function abandon({ request, settle }: Waiting, error: ChatErrorData) {
    const isKept = isTyped(request) && (storage || !closed);
    settle(isKept ? { ok: true, value: request.id } : { ok: false, error });
  }

  /** With what this tab has sent and nobody has shown yet. */
  function withUnacknowledged(): readonly Message[] {
    const lateBefore = clock.now() - SHOW_UNACKNOWLEDGED_MS;
    const late = unacknowledged.all().filter(({ at }) => at <= lateBefore);
    const bubbles = late.map(
      ({ id, at, command }): Message => ({ id, from: "guest", text: command.text, sentAt: at, delivery: "sending" }),
    );
    return [...sortedMessages(chat), ...bubbles];
  }

  function dispatch(command: Command): Promise<unknown> {
    // Each later than the one before: the server may take two texts in one moment, and by their ids they stand as typed.
    lastAsked = Math.max(lastAsked + 1, clock.now());
    const request: Request = { id: timedId(lastAsked), command, at: lastAsked };
    if (isTyped(request)) {
      request.epoch = chat.state.epoch || undefined;
      unacknowledged.add(request);
      clock.after(SHOW_UNACKNOWLEDGED_MS, tell);
    }
    if (command.type === "visible") visible = command;
    return new Promise((resolve, reject) => {
      const settle = (result: Settled) => (result.ok ? resolve(result.value) : reject(fromErrorData(result.error)));
      const entry = { request, posted: false, settle };
      if (over) return abandon(entry, over);
      waiting.set(request.id, entry);
      post(entry);
    });
  }

  const start = settings.startHost ?? startHost;
  const stopHost = start({
    ...settings,
    storage,
    tab,
    onPort: (newPort) => (closed ? newPort.close() : rejoin(newPort)),
    onDegraded: tell,
    onFailed: ({ code, detail }) => take({ state: { phase: "failed", reason: { code, detail } } }),
  });

  return {
    get state() {
      return chat.state;
    },
    get messages() {
      sorted ??= withUnacknowledged();
      return sorted;
    },
    dispatch,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      listeners.clear();
      stopHost();
      port?.close();
      giveUp(INTERRUPTED);
    },
  };
}

const INTERRUPTED: ChatErrorData = { code: "CHAT_INTERRUPTED" };
