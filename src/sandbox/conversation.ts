/** A conversation between a guest and who answers: the engine of the sandbox. It knows no dialect and no socket. */
import type { SandboxClock } from "./options.ts";
import type { Content } from "./web-messaging/content.ts";

export interface Message {
  id: string;
  /** The id that the guest's end gave it. */
  clientId?: string;
  from: "guest" | "agent" | "bot" | "system";
  name?: string;
  avatarUrl?: string;
  text?: string;
  /** Of the quick reply that the guest has chosen. */
  payload?: string;
  quickReplies?: { text: string; payload: string }[];
  /** What it holds beside, as web messaging has it on the wire: no other dialect has anything of the kind. */
  content?: readonly Content[];
  /** ms since the epoch. */
  sentAt: number;
}

export type ConversationEvent =
  /** The guest has begun it. */
  | { type: "opened" }
  | { type: "message"; message: Message }
  | { type: "typing"; from: Message["from"]; on: boolean; name?: string }
  | { type: "presence"; event: "joined" | "left"; name: string }
  /** The bot has given it to the agents. */
  | { type: "handed-over" }
  /** The guest has come with a first live connection, or gone with the last. */
  | { type: "guest"; here: boolean }
  /** Read-only from here on. */
  | { type: "ended" };

type Listener = (event: ConversationEvent) => void;

export class Conversation {
  readonly #clock: SandboxClock;
  readonly #randomId: () => string;
  readonly #messages: Message[] = [];
  readonly #byClientId = new Map<string, Message>();
  readonly #agents = new Set<string>();
  readonly #typing = new Set<string>();
  readonly #listeners = new Set<Listener>();
  readonly #untold: ConversationEvent[] = [];
  #isTelling = false;
  /** How many live connections the guest has. */
  #guests = 0;
  #opened = false;
  #readOnly = false;

  constructor(clock: SandboxClock, randomId: () => string) {
    this.#clock = clock;
    this.#randomId = randomId;
  }

  get readOnly(): boolean {
    return this.#readOnly;
  }

  /** Oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Returns the un-listen. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called whenever a connection of the guest has caught up. Returns what to call when it has gone. */
  enter(): () => void {
    this.#guests += 1;
    if (this.#guests === 1) this.#emit({ type: "guest", here: true });
    return () => {
      this.#guests -= 1;
      if (this.#guests === 0) this.#emit({ type: "guest", here: false });
    };
  }

  /** The guest has come for the first time. Whoever has written already has begun in his own way. */
  open(): void {
    if (this.#opened || this.#readOnly) return;
    this.#opened = true;
    this.#emit({ type: "opened" });
  }

  /** The message that a client id has become. */
  find(clientId: string): Message | undefined {
    return this.#byClientId.get(clientId);
  }

  /** Adds a message and tells of it. Whether a client id has come before is for the dialect to ask. */
  post(draft: Omit<Message, "id" | "sentAt"> & { id?: string }): Message {
    if (this.#readOnly) throw new Error("The conversation is over");
    const message: Message = { ...draft, id: draft.id ?? this.#randomId(), sentAt: this.#clock.now() };
    this.#messages.push(message);
    if (message.from === "guest") this.#opened = true;
    if (message.clientId !== undefined) this.#byClientId.set(message.clientId, message);
    if (message.name !== undefined && this.#typing.has(message.name)) this.type(message.from, false, message.name);
    this.#emit({ type: "message", message });
    return message;
  }

  type(from: Message["from"], on: boolean, name?: string): void {
    if (this.#readOnly) return;
    if (name !== undefined) {
      if (on) this.#typing.add(name);
      else this.#typing.delete(name);
    }
    this.#emit({ type: "typing", from, on, name });
  }

  /** An agent takes part; told once. */
  join(name: string): void {
    if (this.#readOnly || this.#agents.has(name)) return;
    this.#agents.add(name);
    this.#emit({ type: "presence", event: "joined", name });
  }

  leave(name: string): void {
    if (this.#readOnly) return;
    this.#agents.delete(name);
    this.#emit({ type: "presence", event: "left", name });
  }

  /** Who of the agents takes part. */
  get agents(): readonly string[] {
    return [...this.#agents];
  }

  handOver(): void {
    if (!this.#readOnly) this.#emit({ type: "handed-over" });
  }

  end(): void {
    if (this.#readOnly) return;
    this.#readOnly = true;
    this.#emit({ type: "ended" });
  }

  /** What is newer than a message; everything, with `after` null, when that message is unknown. */
  since(id: string | null): { after: string | null; messages: readonly Message[] } {
    const index = this.#messages.findIndex((message) => message.id === id);
    return { after: index < 0 ? null : id, messages: this.#messages.slice(index + 1) };
  }

  /** What a listener brings about is told after what it was told: all hear the events in one order. */
  #emit(event: ConversationEvent): void {
    this.#untold.push(event);
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
        for (const listener of [...this.#listeners]) listener(next);
      }
    } finally {
      this.#isTelling = false;
    }
  }
}
