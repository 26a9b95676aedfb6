/** SessionController: holds the hub's client where nothing of the host page reaches it, and tells the element of changes. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Command } from "../chat/command.ts";
import { ChatError, fromErrorData } from "../chat/error.ts";
import type { Message } from "../chat/message.ts";
import { type ChatState, initialState, type Phase } from "../chat/state.ts";
import type { Change, Client, ClientOptions } from "../hub/client.ts";
import { createArrivals } from "./arrivals.ts";
import { ChatDegradedEvent, ChatErrorEvent, ChatMessageEvent, ChatPhaseEvent, ChatUnreadEvent } from "./events.ts";
import { createReport } from "./report.ts";
import { hasDatabase, hasMark, removeMark, setMark } from "./storage.ts";

export type CreateClient = (options: ClientOptions) => Client;

export interface SessionOptions {
  createClient: CreateClient;
  /** Throws a ChatError where the configuration is wrong. */
  options(): ClientOptions;
  /** The panel is open. */
  isOpen(): boolean;
  /** False: nothing may be kept in the page's storage. */
  isDurable(): boolean;
  /** False: there is no consent. */
  mayStart(): boolean;
  /** Called with messages that are new. */
  onArrivals(messages: readonly Message[]): void;
  /** A session that this tab has shown is gone and erased. */
  onEnded(): void;
}

/** Nobody has to be told of a phase that passes within this time. */
const SLOW = 1000;
const NOTHING = initialState();

export class SessionController implements ReactiveController {
  /** Why there is no client: a wrong configuration, or no place for the session to live. */
  error: ChatError | undefined;
  /** Not live, and for so long that the guest should know. */
  slow = false;

  #host: ReactiveControllerHost & HTMLElement;
  #options: SessionOptions;
  #client: Client | undefined;
  #unlisten: (() => void) | undefined;
  #arrivals = createArrivals();
  #report = createReport();
  #last = NOTHING;
  #visible = false;
  #seen: string | undefined;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, options: SessionOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  get state(): ChatState {
    return this.#client?.state ?? NOTHING;
  }

  get messages(): readonly Message[] {
    return this.#client?.messages ?? [];
  }

  get isStarted(): boolean {
    return this.#client !== undefined;
  }

  hostConnected(): void {
    document.addEventListener("visibilitychange", this.#showSeen);
    addEventListener("storage", this.#startIfMarked);
    // Not before the page had its turn to set attributes.
    queueMicrotask(this.#startIfMarked);
  }

  hostDisconnected(): void {
    document.removeEventListener("visibilitychange", this.#showSeen);
    removeEventListener("storage", this.#startIfMarked);
    // An element that is moved is connected again by now.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.stop();
    });
  }

  hostUpdated(): void {
    this.#showSeen();
  }

  /** Makes the client if there is none; false where it may not, and when it cannot be had, with `error` set. */
  start(may = this.#options.mayStart()): boolean {
    if (this.#client) return true;
    if (!may) return false;
    try {
      this.#client = this.#options.createClient(this.#options.options());
    } catch (error) {
      this.fail(error);
      return false;
    }
    this.error = undefined;
    this.#unlisten = this.#client.subscribe(this.#onChange);
    this.#onChange({});
    return true;
  }

  /** Lets go of the client; the session lives on where it lives. */
  stop(): void {
    this.#unlisten?.();
    this.#client?.close();
    this.#client = undefined;
    this.#arrivals = createArrivals();
    this.#visible = false;
    this.#seen = undefined;
    this.#time("idle");
    this.error = undefined;
  }

  /** Ends the session, erases what is kept of it on this origin, if anything, and lets go of it. Rejects with a ChatError. */
  async terminate(): Promise<void> {
    try {
      if (!this.#client && !(await hasDatabase())) return;
      this.start(true);
      await this.dispatch({ type: "terminate" });
    } finally {
      this.stop();
    }
  }

  /** Rejects with a ChatError. */
  async dispatch(command: Command): Promise<unknown> {
    if (!this.start()) throw this.error ?? new ChatError("CHAT_CONSENT_NEEDED");
    return this.#client?.dispatch(command);
  }

  /** Dispatches; of a failure only the console and `chat-error` tell, and it resolves with undefined. */
  ask(command: Command): Promise<unknown> {
    return this.dispatch(command).catch((error: ChatError) => {
      if (error !== this.error) this.tell(error, false);
    });
  }

  /** The chat cannot be had: shown in the panel, and told. */
  fail = (error: unknown): void => {
    this.error = toChatError(error);
    this.#host.requestUpdate();
    this.tell(this.error, true);
  };

  /** `stops`: the chat cannot go on by itself. */
  tell(error: ChatError, stops: boolean): void {
    this.#report(error, stops);
    this.#host.dispatchEvent(new ChatErrorEvent(error));
  }

  /** A conversation of this site is open: it began on another page or, just now, in another tab. */
  #startIfMarked = (): void => {
    if (this.#host.isConnected && this.#options.isDurable() && hasMark(Date.now())) this.start();
  };

  #onChange = ({ degraded }: Change): void => {
    const { state, messages } = this;
    const { phase, reason, unread } = state;
    const last = this.#last;
    this.#last = state;
    const host = this.#host;
    host.requestUpdate();
    const arrived = this.#arrivals(messages, phase);
    if (phase !== last.phase) {
      this.#time(phase);
      // While consent is being taken back, a session that only comes up to be ended leaves no mark.
      if (phase === "live" && this.#options.isDurable() && this.#options.mayStart()) setMark(Date.now());
      if (phase === "readonly" || phase === "ended") removeMark();
      host.dispatchEvent(new ChatPhaseEvent(phase));
    }
    if (unread !== last.unread) host.dispatchEvent(new ChatUnreadEvent(unread));
    if (arrived.length > 0) this.#options.onArrivals(arrived);
    for (const message of arrived) host.dispatchEvent(new ChatMessageEvent(message));
    if (reason && (phase !== last.phase || reason.code !== last.reason?.code)) {
      this.tell(fromErrorData(reason), phase === "failed");
    }
    if (degraded) {
      this.#report(degraded, false);
      host.dispatchEvent(new ChatDegradedEvent(degraded));
    }
    // One that has ended before this tab came is nothing that it could erase.
    if (phase === "ended" && phase !== last.phase && last.epoch) this.#options.onEnded();
  };

  /** From the first moment without a connection on, however often it is tried. */
  #time(phase: Phase): void {
    if (phase === "connecting" || phase === "waiting") {
      this.#slowTimer ??= setTimeout(() => {
        this.slow = true;
        this.#host.requestUpdate();
      }, SLOW);
    } else {
      clearTimeout(this.#slowTimer);
      this.#slowTimer = undefined;
      this.slow = false;
    }
  }

  /** Tells the hub whether this tab shows the chat, and up to where it was read. */
  #showSeen = (): void => {
    if (!this.#client) return;
    const visible = this.#options.isOpen() && document.visibilityState === "visible";
    if (visible !== this.#visible) {
      this.#visible = visible;
      this.ask({ type: "visible", on: visible });
    }
    const newest = visible ? this.messages.findLast((message) => message.delivery !== "sending")?.id : undefined;
    if (!newest || newest === this.#seen) return;
    this.#seen = newest;
    if (newest !== this.state.seen) this.ask({ type: "seen", message: newest });
  };
}

const toChatError = (error: unknown): ChatError =>
  error instanceof ChatError ? error : new ChatError("CHAT_INTERNAL", String(error), { cause: error });
