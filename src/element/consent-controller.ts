/** ConsentController: whether the guest has agreed that something is kept and connected, and the view that asks until then. */
import { nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { Chunks } from "./chunks.ts";
import { hasMark } from "./storage.ts";
import { chatIcon } from "./views/icons.ts";

interface ConsentHost extends ReactiveControllerHost {
  requestUpdate(changed?: string): void;
  /** Anything but `none` asks: a value that we do not know must not be taken for consent. */
  consent?: string | null;
  storage?: string;
}

export interface ConsentOptions {
  chunks: Chunks;
  /** The question stands in the panel now. */
  onAsk(): void;
  onFailed(error: unknown): void;
}

export class ConsentController implements ReactiveController {
  #host: ConsentHost;
  #options: ConsentOptions;
  #granted = false;
  #fetching: Promise<void> | undefined;

  constructor(host: ConsentHost, options: ConsentOptions) {
    this.#host = host;
    this.#options = options;
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
    if (this.isMissing) this.#fetching ??= this.#fetch().catch(this.#options.onFailed);
  }

  /** The question, once it is there. */
  render(texts: object, close: () => void): TemplateResult | typeof nothing {
    return this.#options.chunks.views.asking?.({ texts, icon: chatIcon, agree: this.grant, decline: close }) ?? nothing;
  }

  async #fetch(): Promise<void> {
    await this.#options.chunks.load("asking");
    await this.#host.updateComplete;
    this.#options.onAsk();
  }
}
