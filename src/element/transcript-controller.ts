/** TranscriptController: how much of the transcript is rendered, and that reading is not disturbed by what arrives. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Message } from "../chat/message.ts";

const WINDOW = 100;
const STEP = 50;
/** This near to an end counts as there, in px. */
const NEAR = 40;

const toRoom = (log: HTMLElement): number => log.clientWidth * log.clientHeight;

export class TranscriptController implements ReactiveController {
  /** Something has arrived below what is seen. */
  below = false;
  /** At most so many of the newest messages are rendered. */
  limit = WINDOW;

  #host: ReactiveControllerHost & Element;
  #log: HTMLElement | null = null;
  #atEnd = true;
  #held = 0;
  #hidden = false;
  #room = 0;
  #anchor: { id: string; top: number } | undefined;
  #resized = new ResizeObserver(() => this.#settle());

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** The newest of `messages` that are to be rendered; their first changes by whole steps only. */
  window(messages: readonly Message[]): readonly Message[] {
    const more = messages.length - this.#held;
    this.#held += more;
    // What is being read stays, and the older ones that were asked for are shown.
    if (!this.#atEnd && more > 0) this.limit += more;
    const start = Math.max(0, Math.ceil((messages.length - this.limit) / STEP) * STEP);
    this.#hidden = start > 0;
    return messages.slice(start);
  }

  arrive(messages: readonly Message[]): void {
    if (messages.some((message) => message.from === "guest")) this.toEnd();
    else if (!this.#atEnd) this.below = true;
  }

  /** To the newest, and stay there. */
  toEnd = (): void => {
    this.#atEnd = true;
    this.below = false;
    this.limit = WINDOW;
    this.#host.requestUpdate();
  };

  scroll = (): void => {
    const log = this.#log;
    // Where the room has changed, what is seen moves by itself: that is not the guest's doing.
    if (!log || toRoom(log) !== this.#room) return;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    if (atEnd && !this.#atEnd) this.toEnd();
    this.#atEnd = atEnd;
    this.#raise();
  };

  hostUpdate(): void {
    const log = this.#log;
    if (!log || this.#atEnd) return;
    // Not client rectangles: they are scaled while the panel opens.
    const row = [...log.querySelectorAll<HTMLElement>("[data-id]")].find(
      (each) => each.offsetTop + each.offsetHeight > log.scrollTop,
    );
    this.#anchor = row && { id: row.dataset.id ?? "", top: row.offsetTop };
  }

  hostUpdated(): void {
    const log = this.#host.shadowRoot?.querySelector<HTMLElement>(".log") ?? null;
    if (log !== this.#log) {
      this.#resized.disconnect();
      if (log) this.#resized.observe(log);
      this.#log = log;
    }
    if (!log) return;
    this.#settle();
    this.#raise();
  }

  hostDisconnected(): void {
    this.#resized.disconnect();
    this.#log = null;
  }

  /** Even the same place, set anew, stops a scroll that is on its way. */
  #settle(): void {
    const log = this.#log;
    if (!log) return;
    const anchor = this.#anchor;
    this.#anchor = undefined;
    this.#room = toRoom(log);
    if (this.#atEnd) {
      const end = log.scrollHeight - log.clientHeight;
      if (end - log.scrollTop >= 1) log.scrollTop = end;
    } else if (anchor) {
      const row = log.querySelector<HTMLElement>(`[data-id="${CSS.escape(anchor.id)}"]`);
      const moved = row ? row.offsetTop - anchor.top : 0;
      if (moved) log.scrollTop += moved;
    }
  }

  /** Renders more where the guest has come near to the oldest that is rendered. */
  #raise(): void {
    if (!this.#hidden || this.#atEnd || !this.#log || this.#log.scrollTop > 5 * NEAR) return;
    this.limit += STEP;
    this.#host.requestUpdate();
  }
}
