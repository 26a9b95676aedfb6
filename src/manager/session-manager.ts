/** What every GuestSessionManager does, wherever its session lives: the founding document's five methods, and what a chat needs. */
import type { Metrics } from "../chat/activity.ts";
import { ChatError } from "../chat/error.ts";
import type { Message } from "../chat/message.ts";
import type { Identity, Profile } from "../chat/profile.ts";
import { type ChatState, initialState } from "../chat/state.ts";
import type { Client } from "../hub/client.ts";

export interface Place {
  openClient(): Client;
  /** The caller may say who the guest is, without proof. */
  vouches: boolean;
}

/** Called after every change of state or messages. `degraded`: the session lives elsewhere than it should, or is not kept. */
export type Listener = (state: Readonly<ChatState>, degraded?: ChatError) => void;

const NOTHING = Object.freeze(initialState());
const NO_METRICS: Metrics = { duration_ms: 0, connected_ms: 0, visible_ms: 0, logs: [], dropped: 0 };

/** Every promise that is given rejects with a ChatError. */
export class SessionManager {
  readonly #place: Place;
  readonly #listeners = new Set<Listener>();
  /** After `terminate` the last one: closed, and what it showed can still be read. */
  #client: Client | undefined;
  /** Set from `terminate` on, until there is another client. */
  #ended: Promise<void> | undefined;
  #hasSession = false;
  #report = NO_METRICS;

  constructor(place: Place) {
    this.#place = place;
  }

  /** What is shown of the chat but its messages; the same object until it changes. */
  get state(): Readonly<ChatState> {
    return Object.freeze(this.#client?.state ?? NOTHING);
  }

  /** In order; the same list until it changes. */
  get messages(): readonly Message[] {
    return Object.freeze(this.#client?.messages ?? []);
  }

  /** Begins a session at Genesys, or finds the one that was kept. Connects nothing. */
  async initialize(): Promise<void> {
    await this.#ended?.catch(() => {});
    await this.#open().dispatch({ type: "open", connect: false });
    this.#hasSession = true;
  }

  /**
   * Returns at once; without effect where there is a connection. How it goes is told by `state`. Throws CHAT_NO_SESSION
   * before `initialize()`.
   */
  connectWebSocket(): void {
    // A refusal is the state's `reason`, too.
    this.#begun()
      .dispatch({ type: "open" })
      .catch(() => {});
  }

  /** Resolves with the message's id once it is kept; its delivery is read from `messages`. Connects where nothing is. */
  async sendMessage(text: string): Promise<string> {
    return (await this.#begun().dispatch({ type: "send", text })) as string;
  }

  /** Tells Genesys who the guest is to an identity provider, by its ID token and the nonce that it was asked for with. */
  syncExternalProfile(identity: { idToken: string; nonce: string }): Promise<Profile>;
  /** In Node with client credentials: the program's own word. Else rejects with CHAT_UNSUPPORTED. */
  syncExternalProfile(providerId: string, email: string): Promise<Profile>;
  async syncExternalProfile(given: Identity | string, email = ""): Promise<Profile> {
    const client = this.#begun();
    if (typeof given === "string" && !this.#place.vouches) {
      throw new ChatError("CHAT_UNSUPPORTED", "expected {idToken, nonce}");
    }
    const identity = typeof given === "string" ? { providerId: given, email } : given;
    return (await client.dispatch({ type: "identify", identity })) as Profile;
  }

  /** After `terminate()` the last report. */
  async getMetrics(): Promise<Metrics> {
    await this.#ended?.catch(() => {});
    if (!this.#client || this.#ended) return this.#report;
    return (await this.#client.dispatch({ type: "metrics" })) as Metrics;
  }

  /**
   * Ends the conversation, closes the connection, gives the session back and erases all that was kept of it. Rejects where
   * Genesys or the broker could not be told; here it is over all the same. `initialize()` then begins another.
   */
  terminate(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  /** Returns the un-listen. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #end(): Promise<void> {
    const client = this.#open();
    try {
      // The session's own last report does not come where the broker could not be told.
      this.#report = (await client.dispatch({ type: "metrics" })) as Metrics;
      this.#report = (await client.dispatch({ type: "terminate" })) as Metrics;
    } finally {
      client.close();
    }
  }

  #open(): Client {
    if (this.#client && !this.#ended) return this.#client;
    const client = this.#place.openClient();
    client.subscribe(({ degraded }) => this.#tell(degraded));
    this.#client = client;
    this.#ended = undefined;
    this.#hasSession = false;
    return client;
  }

  #begun(): Client {
    if (this.#client && this.#hasSession && !this.#ended) return this.#client;
    throw new ChatError("CHAT_NO_SESSION", "initialize() first");
  }

  #tell(degraded: ChatError | undefined): void {
    for (const listener of this.#listeners) {
      try {
        listener(this.state, degraded);
      } catch (error) {
        // A fault of the page's: told as such, and no update is lost by it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
