/** <genesys-guest-chat>: attributes, methods, life cycle. What is shown are views, what happens are controllers. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Metrics } from "../chat/activity.ts";
import type { ChatError } from "../chat/error.ts";
import { isFromOthers, type Message } from "../chat/message.ts";
import type { Identity, Profile, SignIn } from "../chat/profile.ts";
import type { ChatState } from "../chat/state.ts";
import { createClient } from "../hub/client.ts";
import { toAttributes } from "../hub/given.ts";
import type { HostChoice } from "../hub/hosts/rung.ts";
import { Announcer } from "./announcer.ts";
import { IDENTITY, PROPERTIES } from "./attributes.ts";
import { Chunks } from "./chunks.ts";
import { toClientOptions } from "./client-options.ts";
import { ComposerController, checkText } from "./composer-controller.ts";
import { ConsentController } from "./consent-controller.ts";
import { ChatCloseEvent, ChatOpenEvent } from "./events.ts";
import { createFocus, type Focus, panelKey } from "./focus.ts";
import { createSend, type Send } from "./send.ts";
import { type CreateClient, SessionController } from "./session-controller.ts";
import { createTabStore, erase } from "./storage.ts";
import { styles } from "./styles.ts";
import { createTexts } from "./texts.ts";
import { languageOf, timesOf } from "./times.ts";
import { TranscriptController } from "./transcript-controller.ts";
import { launcher } from "./views/launcher.ts";
import { toSentences } from "./views/message.ts";
import type { Model } from "./views/model.ts";
import { panel } from "./views/panel.ts";
import type { Reply } from "./views/plain-model.ts";

export class GenesysGuestChat extends LitElement {
  static override styles = styles;
  static override properties = PROPERTIES;

  /** Inferred from `broker` or `deploymentId`. */
  declare protocol: "guest-api" | "web-messaging" | undefined;
  /** The broker's URL. */
  declare broker: string | undefined;
  /** One of the broker's routes. */
  declare route: string | undefined;
  declare deploymentId: string | undefined;
  declare environment: string | undefined;
  declare endpoint: string | undefined;
  /** Where the session lives; default `auto`. */
  declare host: HostChoice | undefined;
  /** A same-origin copy of the worker. */
  declare workerUrl: string | undefined;
  declare open: boolean;
  /** Default `on`. */
  declare launcher: "on" | "off" | undefined;
  /** When a conversation begins; default `open`. */
  declare start: "open" | "message" | undefined;
  /** Default `end`. */
  declare position: "end" | "start" | undefined;
  /** Default `auto`. */
  declare theme: "auto" | "light" | "dark" | undefined;
  /** Default `local`. */
  declare storage: "local" | "memory" | undefined;
  /** Default `none`. `required`: nothing is kept or connected before `grantConsent()`. */
  declare consent: "none" | "required" | undefined;
  /** Told to Genesys with a new guest. */
  declare customAttributes: Record<string, unknown> | undefined;
  /** Sentences of one's own, by key. */
  declare texts: Record<string, string> | undefined;

  #tab = createTabStore(() => this.storage !== "memory" && !this.#consent.isMissing);
  #announcer = new Announcer(this);
  #chunks = new Chunks(this);
  #transcript = new TranscriptController(this);
  #consent: ConsentController;
  #session: SessionController;
  #send: Send;
  #composer: ComposerController;
  #focus: Focus | undefined;
  #takesFocus = false;
  /** Something in the open panel had the focus before this update. */
  #hadFocus = false;
  /** Once opened, the panel stays in the page. */
  #hasPanel = false;
  #replied = new Set<string>();

  /** `connect` makes the hub's client; only tests hand in another. */
  constructor(connect: CreateClient = createClient) {
    super();
    this.open = false;
    this.#consent = new ConsentController(this, {
      chunks: this.#chunks,
      onAsk: () => {
        if (this.open && this.shadowRoot?.activeElement) this.#focus?.enter();
      },
      onFailed: (error) => this.#session.fail(error),
    });
    this.#session = new SessionController(this, {
      createClient: connect,
      options: () => toClientOptions(this),
      isOpen: () => this.open,
      isDurable: () => this.storage !== "memory",
      mayStart: () => !this.#consent.isMissing,
      onArrivals: (messages) => this.#onArrivals(messages),
      onEnded: () => {
        if (this.#forget()) this.#session.stop();
      },
    });
    this.#send = createSend(this.#session, () => this.start === "message");
    this.#composer = new ComposerController(this, {
      store: this.#tab,
      limit: () => this.#session.state.textBytes,
      files: () => this.#chunks.views.uploads,
      send: this.#send,
      typing: (on) => {
        if (this.#session.state.phase === "live") this.#session.ask({ type: "typing", on });
      },
    });
  }

  /** A frozen copy of the chat's state. */
  get state(): Readonly<ChatState> {
    return Object.freeze(structuredClone(this.#session.state));
  }

  /** Opens the panel and moves the focus into it. */
  async openChat(): Promise<void> {
    this.#takesFocus = true;
    this.open = true;
    await this.updateComplete;
  }

  async closeChat(): Promise<void> {
    this.open = false;
    await this.updateComplete;
  }

  /** Resolves with the message's id when it is kept; rejects with a ChatError. */
  async sendMessage(text: string): Promise<string> {
    return (await this.#send({ type: "send", text: checkText(text, this.#session.state.textBytes) })) as string;
  }

  /** Uploads files, to go with the next message; resolves with the uploads' ids when they are up, rejects with a ChatError. */
  async attach(files: Iterable<File>): Promise<string[]> {
    return (await Promise.all(
      Array.from(files, (file) => this.#session.dispatch({ type: "attach", file })),
    )) as string[];
  }

  /** Ends the conversation. */
  async end(): Promise<void> {
    await this.#session.dispatch({ type: "end" });
  }

  /** Begins a new conversation; the old transcript stays above a divider. */
  async startNew(): Promise<void> {
    await this.#session.dispatch({ type: "start-new" });
  }

  /** Signs the guest in with what an identity provider gave: Genesys exchanges it. */
  async signIn(signIn: SignIn): Promise<void> {
    await this.#session.dispatch({ type: "sign-in", signIn });
  }

  /** Replaces the page's attributes: told with the next new guest, and at once to a session that runs. */
  async setAttributes(attributes: Record<string, unknown>): Promise<void> {
    const copy = toAttributes(attributes);
    this.customAttributes = copy;
    if (this.#session.isStarted) await this.#session.dispatch({ type: "set-attributes", attributes: copy });
  }

  /** Tells Genesys who the guest is to an identity provider; resolves with the profile. */
  async identify(identity: Identity): Promise<Profile> {
    return (await this.#session.dispatch({ type: "identify", identity })) as Profile;
  }

  /** Durations and the activity log of the session. */
  async getMetrics(): Promise<Metrics> {
    return (await this.#session.dispatch({ type: "metrics" })) as Metrics;
  }

  /** The guest agrees that something is kept and connected; what is open starts. */
  async grantConsent(): Promise<void> {
    this.#consent.grant();
    await this.updateComplete;
  }

  /**
   * Closes the panel, ends the session and erases all that is kept of it; with consent="required" it is asked for again.
   * Rejects with a ChatError where the broker could not be told; this browser has forgotten all the same.
   */
  async revokeConsent(): Promise<void> {
    this.#forget();
    await this.closeChat();
    try {
      await this.#session.terminate();
    } finally {
      this.#forget();
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Back in the page after it was gone from it; one that is only moved still has its session.
    if (this.hasUpdated && this.open && !this.#session.isStarted) this.#begin();
    if (this.#tab.get("open")) this.open = true;
  }

  /** Moved to another document: a frame's, a popup's. */
  adoptedCallback(): Promise<void> {
    return import("./adopted.ts").then(({ restyle }) => restyle(this, this.#chunks.styles));
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#hasPanel ||= this.open;
    this.#hadFocus = this.open && Boolean(this.shadowRoot?.activeElement);
    // What was kept after consent on the page before.
    if (changed.has("consent")) this.#composer.restore();
    if (this.hasUpdated && IDENTITY.some((name) => changed.has(name))) {
      const wasStarted = this.#session.isStarted;
      this.#session.stop();
      if (wasStarted && !this.open) this.#session.start();
      if (this.open) this.#begin();
    }
    if (!changed.has("open")) return;
    // What was open on the page before, or is from the start, takes no focus from the page.
    if (this.hasUpdated) this.#takesFocus = true;
    if (this.open) {
      this.#transcript.toEnd();
      if (changed.get("open") === false || !this.hasUpdated) this.#begin();
    } else this.#tab.set("open", "");
  }

  protected override updated(changed: PropertyValues): void {
    // The button that was pressed has gone with what it did.
    if (this.#hadFocus && !this.shadowRoot?.activeElement) this.#focus?.enter();
    if (!changed.has("open") || (!this.open && changed.get("open") === undefined)) return;
    this.#focus ??= createFocus(this.renderRoot as ShadowRoot);
    if (!this.open) this.#focus.leave();
    else if (this.#takesFocus) this.#focus.enter();
    this.#takesFocus = false;
    this.dispatchEvent(this.open ? new ChatOpenEvent() : new ChatCloseEvent());
  }

  protected override render(): TemplateResult {
    const model = this.#toModel();
    return html`<div class="root" data-theme=${this.theme} data-position=${this.position}>${this.#hasPanel ? panel(model) : nothing}${
      this.launcher === "off" ? nothing : launcher(model)
    }<div class="sr" aria-live="polite">${this.#announcer.text}</div></div>`;
  }

  /** The panel is open: the session is wanted, and with it the conversation, unless it waits for the first message. */
  #begin(): void {
    this.#tab.set("open", "1");
    if (this.#session.start() && this.start !== "message") this.#session.ask({ type: "open" });
  }

  /** Of the chat there is nothing left in the tab: not kept, and not in sight. Gives whether there was consent until now. */
  #forget(): boolean {
    erase();
    this.#composer.draft = "";
    this.#announcer.text = "";
    this.requestUpdate();
    return this.#consent.revoke();
  }

  #onArrivals(messages: readonly Message[]): void {
    const texts = createTexts(this.texts);
    this.#transcript.arrive(messages);
    // A closed chat is not read out into the page.
    const closed = messages.some(isFromOthers) ? [texts.newMessage] : [];
    this.#announcer.announce(this.open ? toSentences(messages, texts) : closed);
  }

  #toModel(): Model {
    const { state, messages, slow, error } = this.#session;
    const shown = this.#transcript.window(this.#hasPanel ? messages : []);
    return {
      open: this.open,
      state,
      messages: shown,
      more: shown.length < messages.length,
      slow,
      error,
      blocked: !state.durable && this.storage !== "memory",
      chunks: this.#chunks,
      consent: this.#consent,
      composer: this.#composer,
      transcript: this.#transcript,
      replied: this.#replied,
      texts: createTexts(this.texts),
      times: timesOf(languageOf(this)),
      ask: (command) => this.#session.ask(command),
      reply: (message, reply) => this.#reply(message, reply),
      toggle: () => (this.open ? this.closeChat() : this.openChat()),
      panelKey: (event) => panelKey(event, () => this.closeChat(), this.#chunks.views.later?.keepInside),
    };
  }

  #reply({ id }: Message, reply: Reply): void {
    this.#replied.add(id);
    this.#send({ type: "reply", to: id, ...reply }).catch((error: ChatError) => {
      this.#replied.delete(id);
      this.#composer.refuse(error);
    });
    this.requestUpdate();
    this.#focus?.enter();
  }
}
