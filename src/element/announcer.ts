/** Announcer: reads out what arrives, politely, to those who cannot see it. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Stragglers that belong between two others are read with them. */
const WAIT = 300;

export class Announcer implements ReactiveController {
  /** What the live region holds. */
  text = "";

  #host: ReactiveControllerHost;
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  announce(sentences: readonly string[]): void {
    if (sentences.length === 0) return;
    this.#waiting.push(...sentences);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const text = this.#waiting.join("\n");
      // The same words again are read again only when the region changes.
      this.text = text === this.text ? `${text}\u00a0` : text;
      this.#waiting = [];
      this.#host.requestUpdate();
    }, WAIT);
  }
}
