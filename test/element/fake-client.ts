/** A hub's client made by hand: a spec sets what the state is and reads what was asked. */
import type { Command } from "../../src/chat/command.ts";
import { compareMessages, type Message } from "../../src/chat/message.ts";
import { type ChatState, initialState } from "../../src/chat/state.ts";
import type { Change, Client, ClientOptions } from "../../src/hub/client.ts";

export class FakeClient implements Client {
  state: ChatState = initialState({ epoch: "one" });
  messages: readonly Message[] = [];
  readonly commands: Command[] = [];
  readonly options: ClientOptions;
  closed = false;
  /** What every dispatch waits for before it settles. */
  static held: Promise<unknown> | undefined;
  /** What the next dispatches of this type reject with. */
  readonly refusals = new Map<Command["type"], Error>();
  #listeners = new Set<(change: Change) => void>();

  constructor(options: ClientOptions) {
    this.options = options;
  }

  async dispatch(command: Command): Promise<unknown> {
    this.commands.push(command);
    const sent = this.commands.length;
    await FakeClient.held;
    const refusal = this.refusals.get(command.type);
    if (refusal) throw refusal;
    if (command.type === "refresh-link") return "https://files.example/fresh";
    return command.type === "send" ? `sent-${sent}` : undefined;
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
  }

  /** The state becomes this. */
  become(state: Partial<ChatState>): void {
    this.state = { ...this.state, ...state };
    this.#tell();
  }

  /** These messages come, or change. */
  receive(...messages: Message[]): void {
    const byId = new Map([...this.messages, ...messages].map((message) => [message.id, message]));
    this.messages = [...byId.values()].sort(compareMessages);
    this.#tell();
  }

  asked<Type extends Command["type"]>(type: Type): Extract<Command, { type: Type }>[] {
    return this.commands.filter((command) => command.type === type) as Extract<Command, { type: Type }>[];
  }

  #tell(): void {
    for (const listener of this.#listeners) listener({});
  }
}
