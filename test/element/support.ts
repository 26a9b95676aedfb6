/** What the element's specs share: a chat with a fake client, what a guest finds in it, and waiting for conditions. */

import type { Message } from "../../src/chat/message.ts";
import { GenesysGuestChat } from "../../src/element/genesys-guest-chat.ts";
import { FakeClient } from "./fake-client.ts";

/** Mocha, as the runner puts it on the page. */
declare global {
  function describe(name: string, body: () => void): void;
  function it(name: string, body: () => Promise<void> | void): void;
  function before(body: () => Promise<void> | void): void;
  function beforeEach(body: () => Promise<void> | void): void;
  function afterEach(body: () => Promise<void> | void): void;
}

export function equal(actual: unknown, expected: unknown): void {
  const [a, e] = [actual, expected].map((value) => JSON.stringify(value) ?? String(value));
  if (a !== e) throw new Error(`got ${a}, expected ${e}`);
}

export function ok(value: unknown, what: string): asserts value {
  if (!value) throw new Error(what);
}

/** Resolves with the first truthy value. */
export async function until<T>(look: () => T | Promise<T>, what: string, ms = 10_000): Promise<NonNullable<T>> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const value = await look();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never: ${what}`);
}

/** The element as shipped, but for its client. */
export class SpecChat extends GenesysGuestChat {
  clients: FakeClient[] = [];
  constructor() {
    super((options) => {
      const client = new FakeClient(options);
      this.clients.push(client);
      return client;
    });
  }
  get client(): FakeClient {
    const client = this.clients.at(-1);
    ok(client, "there is no client");
    return client;
  }
}
customElements.define("spec-chat", SpecChat);

export interface Found {
  chat: SpecChat;
  root: ShadowRoot;
  /** By accessible name; null when there is none to be seen. */
  button(name: string): HTMLButtonElement | null;
  press(name: string): Promise<void>;
  box(): HTMLTextAreaElement;
  write(text: string): Promise<void>;
  key(on: EventTarget, key: string, more?: KeyboardEventInit): Promise<void>;
  /** What is to be read in the first element that matches. */
  text(selector: string): string;
  settle(): Promise<void>;
}

export async function makeChat(attributes: Record<string, string> = { broker: "/broker" }): Promise<Found> {
  const chat = document.createElement("spec-chat") as SpecChat;
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  document.body.append(chat);
  await chat.updateComplete;
  const root = chat.shadowRoot;
  ok(root, "there is no shadow root");
  const settle = async () => {
    do await new Promise((resolve) => setTimeout(resolve));
    while (!(await chat.updateComplete));
  };
  const isShown = (element: HTMLElement) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest("[hidden]");
  const button = (name: string) =>
    [...root.querySelectorAll("button")].find(
      (each) => (each.getAttribute("aria-label") ?? each.textContent?.trim()) === name && isShown(each),
    ) ?? null;
  const box = () =>
    root.querySelector<HTMLTextAreaElement>("form textarea") ?? (ok(null, "there is no text box") as never);
  return {
    chat,
    root,
    button,
    box,
    settle,
    async press(name) {
      // It may come with a chunk.
      const found = await until(() => button(name), `a button "${name}"`);
      found.focus();
      found.click();
      await settle();
    },
    async write(text) {
      box().value = text;
      box().dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
      await settle();
    },
    async key(on, key, more) {
      on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more }));
      await settle();
    },
    text: (selector) => root.querySelector(selector)?.textContent?.replace(/\s+/g, " ").trim() ?? "",
  };
}

/** A chat that the guest has opened and that is live. */
export async function makeOpenChat(attributes?: Record<string, string>): Promise<Found> {
  const found = await makeChat(attributes);
  await found.press("Open chat");
  found.chat.client.become({ phase: "live", textBytes: 100 });
  await found.settle();
  return found;
}

let count = 0;
/** A message; `from` is an agent, and each is a second younger than the last. */
export const message = (text: string | undefined, more: Partial<Message> = {}): Message => {
  count++;
  return { id: `m${count}`, from: "agent", name: "Mira Koch", text, sentAt: Date.now() + count * 1000, ...more };
};

afterEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
});
