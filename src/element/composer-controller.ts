/** ComposerController: the draft, kept over page changes; its limit; the signal that the guest is typing. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ChatError } from "../chat/error.ts";
import type { Send } from "./send.ts";
import type { TabStore } from "./storage.ts";

export interface ComposerOptions {
  store: TabStore;
  /** In bytes of UTF-8. */
  limit(): number | undefined;
  /** Rejects with a ChatError: then the text comes back. */
  send: Send;
  /** What sends the text in its place, with the files that are up. */
  files(): { hasFiles(): boolean; send(text: string, send: Send): Promise<unknown> } | undefined;
  typing(on: boolean): void;
}

const TYPING_EVERY = 4000;
const TYPING_PAUSE = 5000;

/** About how many characters must go for the text to fit; 0 when it fits. */
export function charactersOver(text: string, limit?: number): number {
  const bytes = new TextEncoder().encode(text).length;
  return Math.max(0, Math.ceil(([...text].length * (bytes - (limit ?? bytes))) / bytes)) || 0;
}

export class ComposerController implements ReactiveController {
  draft = "";
  /** The guest has tried to send more than fits; told until it fits. */
  over = 0;
  /** Why the last text came back. */
  refused: ChatError | undefined;

  #host: ReactiveControllerHost;
  #options: ComposerOptions;
  /** When typing was told; by then it is long ago that nothing was. */
  #signalled = -TYPING_EVERY;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, options: ComposerOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  hostConnected(): void {
    this.restore();
  }

  hostDisconnected(): void {
    clearTimeout(this.#pause);
  }

  input = (event: Event): void => {
    this.#write((event.target as HTMLTextAreaElement).value);
    this.#signal();
  };

  keydown = (event: KeyboardEvent): void => {
    // While an input method composes, Enter chooses a candidate; Safari tells only by 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  };

  submit = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    const text = this.draft.trim();
    const { files, send } = this.#options;
    const uploads = files();
    if (!text && !uploads?.hasFiles()) return;
    this.over = charactersOver(text, this.#options.limit());
    this.#host.requestUpdate();
    if (this.over > 0) return;
    this.#write("");
    this.#stopTyping(false);
    try {
      await (uploads ? uploads.send(text, send) : send({ type: "send", text }));
    } catch (error) {
      this.#write(this.draft ? `${text}\n${this.draft}` : text);
      this.refuse(error as ChatError);
    }
  };

  /** The draft from before, unless there is one. */
  restore(): void {
    this.draft ||= this.#options.store.get("draft");
  }

  /** Shows why something was not taken, until the guest writes on. */
  refuse(error: ChatError): void {
    this.refused = error;
    this.#host.requestUpdate();
  }

  #write(draft: string): void {
    this.draft = draft;
    this.refused = undefined;
    if (this.over) this.over = charactersOver(draft.trim(), this.#options.limit());
    this.#options.store.set("draft", draft);
    this.#host.requestUpdate();
  }

  #signal(): void {
    clearTimeout(this.#pause);
    if (!this.draft.trim()) {
      this.#stopTyping(true);
      return;
    }
    const now = performance.now();
    if (now - this.#signalled >= TYPING_EVERY) {
      this.#signalled = now;
      this.#options.typing(true);
    }
    this.#pause = setTimeout(() => this.#stopTyping(true), TYPING_PAUSE);
  }

  /** A message ends the typing by itself; only a pause has to be told. */
  #stopTyping(tell: boolean): void {
    clearTimeout(this.#pause);
    if (tell && this.#signalled > 0) this.#options.typing(false);
    this.#signalled = -TYPING_EVERY;
  }
}

/** For texts that do not come from the box. Throws what a box would show. */
export function checkText(text: unknown, limit: number | undefined): string {
  const trimmed = typeof text === "string" ? text.trim() : "";
  if (!trimmed) throw new ChatError("CHAT_TEXT_EMPTY");
  const over = charactersOver(trimmed, limit);
  if (over > 0) throw new ChatError("CHAT_TEXT_TOO_LONG", `${over} characters over ${limit} bytes`);
  return trimmed;
}
