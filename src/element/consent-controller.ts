/** ConsentController: whether the guest has agreed that something is kept and connected; until then it sees to what asks. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Chunks } from "./chunks.ts";
import { hasMark } from "./storage.ts";

interface ConsentHost extends ReactiveControllerHost {
  requestUpdate(changed?: string): void;
  /** Anything but `none` asks: a value that we do not know must not be taken for consent. */
  consent?: string | null;
  storage?: string;
}

export class ConsentController implements ReactiveController {
  #host: ConsentHost;
  #chunks: Chunks;
  #onFailed: (error: unknown) => void;
  #granted = false;

  /** `onFailed`: what asks could not be had. */
  constructor(host: ConsentHost, chunks: Chunks, onFailed: (error: unknown) => void) {
    this.#host = host;
    this.#chunks = chunks;
    this.#onFailed = onFailed;
    host.addController(this);
  }

  /** Nothing may be kept or connected yet. */
  get isMissing(): boolean {
    const { consent, storage } = this.#host;
    if ((consent ?? "none") === "none") return false;
    // The mark of an open conversation, whichever tab or page wrote it, was written after consent.
    this.#granted ||= storage !== "memory" && hasMark(Date.now());
    return !this.#granted;
  }

  /** The host is updated as if its attribute had changed. */
  grant = (): void => {
    const wasMissing = this.isMissing;
    this.#granted = true;
    if (wasMissing) this.#host.requestUpdate("consent");
  };

  /** Gives whether there was consent, and now there is none. */
  revoke(): boolean {
    const was = this.#granted;
    this.#granted = false;
    return was && this.isMissing;
  }

  hostUpdate(): void {
    if (this.isMissing) this.#chunks.get("asking", this.#onFailed);
  }
}
