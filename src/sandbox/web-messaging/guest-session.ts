/** A guest's session of web messaging: its connections, what they have been told, and when it expires. */

import type { Conversation, ConversationEvent, Message } from "../conversation.ts";
import type { SandboxClock } from "../options.ts";
import { createRate, type Rate } from "../rate.ts";
import type { Session } from "../sessions.ts";
import type { Deployment } from "./deployment.ts";
import {
  type Body,
  type Frame,
  type Participant,
  push,
  toEcho,
  toEventBody,
  toOutbound,
  type Wording,
} from "./frames.ts";
import type { Told } from "./history.ts";
import type { SignedIn } from "./tokens.ts";

/** One of its connections. */
export interface Line {
  send(frame: Frame): void;
  /** It has no session any more, */
  leave(): void;
  /** and is told so. */
  dismiss(reason?: "signedIn"): void;
}

export interface GuestSessionParts {
  clock: SandboxClock;
  randomId: () => string;
}

/** A guest's message on its way into the conversation. */
export interface Said extends Pick<Message, "text" | "payload" | "content"> {
  wording: Wording;
  tracingId?: string;
}

const TYPING_MS = 5000;
/** Beyond it a timer would fire at once. */
const TIMER_MAX = 2_147_483_647;

export class GuestSession {
  readonly deployment: Deployment;
  readonly session: Session;
  /** Who the guest has signed in as. */
  signedIn?: SignedIn;
  /** All that its connections were told and a page of history could hold, oldest first. */
  readonly #told: (Told & { at: number })[] = [];
  readonly #clock: SandboxClock;
  readonly #randomId: () => string;
  readonly #lines = new Map<Line, () => void>();
  readonly #said = new Map<string, Said>();
  readonly #agentTyping: Rate;
  readonly #correlationId: string;
  readonly #unlisten: () => void;
  #cancelTimer = () => {};
  #expiresAt = 0;
  #isOver = false;

  /** `expired`: called when it has been silent for too long. */
  constructor(parts: GuestSessionParts, deployment: Deployment, session: Session, expired: () => void) {
    this.deployment = deployment;
    this.session = session;
    this.#clock = parts.clock;
    this.#randomId = parts.randomId;
    this.#agentTyping = createRate(deployment.limits.agentTypingPerMinute, parts.clock.now);
    this.#correlationId = parts.randomId();
    this.#unlisten = this.conversation.listen((event) => this.#hear(event));
    this.#touch();
    const wait = () => {
      const left = this.#expiresAt - this.#clock.now();
      if (left <= 0) expired();
      else this.#cancelTimer = this.#clock.after(Math.min(left, TIMER_MAX), wait);
    };
    wait();
  }

  get conversation(): Conversation {
    return this.session.conversation;
  }

  /** Expired, cleared, replaced by a new one, or logged out. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** `durationSeconds`, and `expirationDate` since the epoch, in the unit that the deployment's switch says. */
  get timing(): { durationSeconds: number; expirationDate: number } {
    const { limits, switches } = this.deployment;
    const ms = switches.expirationUnit === "ms";
    return {
      durationSeconds: limits.sessionSeconds,
      expirationDate: ms ? this.#expiresAt : Math.floor(this.#expiresAt / 1000),
    };
  }

  /** What pages of history hold, oldest first: all of a guest who has signed in, of any other only what is recent. */
  get kept(): readonly Told[] {
    const since = this.signedIn ? 0 : this.#clock.now() - this.deployment.limits.historySeconds * 1000;
    return this.#told.filter(({ at }) => at >= since);
  }

  /** One more than are allowed sends the oldest away. */
  attach(line: Line): void {
    this.#lines.get(line)?.();
    this.#lines.delete(line);
    this.#lines.set(line, this.conversation.enter());
    const [oldest] = this.#lines.keys();
    if (oldest && this.#lines.size > this.deployment.limits.connectionsPerSession) oldest.dismiss();
  }

  /** Called by the line, when it has closed or has another session. */
  detach(line: Line): void {
    this.#lines.get(line)?.();
    this.#lines.delete(line);
  }

  /** Without a word. */
  releaseAll(): void {
    for (const line of [...this.#lines.keys()]) line.leave();
  }

  /** All but one. */
  dismissAll(reason?: "signedIn", but?: Line): void {
    for (const line of [...this.#lines.keys()]) if (line !== but) line.dismiss(reason);
  }

  tell(frame: Frame): void {
    for (const line of [...this.#lines.keys()]) line.send(frame);
  }

  /** Puts a guest's message into the conversation; its echo is the acknowledgement, on all connections. */
  say(said: Said): void {
    const id = this.#randomId();
    this.#said.set(id, said);
    const { text, payload, content, tracingId } = said;
    this.conversation.post({ id, from: "guest", clientId: tracingId, text, payload, content });
  }

  /** The echo of a message that is here already. */
  toEcho(message: Message): Frame {
    const { wording, tracingId } = this.#said.get(message.id) ?? { wording: { text: message.text } };
    return push("StructuredMessage", toEcho(message, wording, this.#metadata()), tracingId);
  }

  /** `isKept`: history has it. */
  tellEvents(
    about: Pick<Body, "direction" | "originatingEntity"> & { events: readonly object[]; from?: Participant },
    {
      tracingId,
      isKept = false,
      metadata = {},
    }: { tracingId?: string; isKept?: boolean; metadata?: Body["metadata"] } = {},
  ): void {
    const at = this.#clock.now();
    const inbound = about.direction === "Inbound";
    const own = inbound ? this.#metadata() : { correlationId: this.#correlationId };
    const body = toEventBody({ ...about, id: this.#randomId(), at, metadata: { ...metadata, ...own } });
    if (isKept) this.#told.push({ at, body, tracingId });
    this.tell(push("StructuredMessage", body, tracingId));
  }

  /** No more is heard of it, and agents cannot write into it; its connections are left as they are. */
  end(): void {
    this.#isOver = true;
    this.#unlisten();
    this.#cancelTimer();
    this.conversation.end();
    for (const leave of this.#lines.values()) leave();
    // Whoever still is here learns of it from his next request.
    this.#lines.clear();
  }

  /** A message either way puts the end off. */
  #touch(): void {
    this.#expiresAt = this.#clock.now() + this.deployment.limits.sessionSeconds * 1000;
  }

  #metadata(): Record<string, string> {
    return { correlationId: this.#correlationId, ...(this.signedIn && { authenticated: "true" }) };
  }

  #hear(event: ConversationEvent): void {
    if (event.type === "message") this.#hearMessage(event.message);
    else if (event.type === "typing") this.#hearTyping(event);
    else if (event.type === "ended") this.#tellDisconnect("true");
    else if (event.type === "presence" && event.event === "left" && this.session.web?.leaving === "Send") {
      this.#tellDisconnect("false");
    }
  }

  #hearMessage(message: Message): void {
    this.#touch();
    const frame =
      message.from === "guest"
        ? this.toEcho(message)
        : push("StructuredMessage", toOutbound(message, this.#fromOf(message), { correlationId: this.#correlationId }));
    this.#told.push({ at: this.#clock.now(), body: frame.body as Body, tracingId: frame.tracingId });
    this.tell(frame);
  }

  #hearTyping({ from, on }: Extract<ConversationEvent, { type: "typing" }>): void {
    // The schema has no Off: whoever is told On stops showing it by himself.
    if (!on || from === "guest" || from === "system") return;
    if (from === "agent" && this.#agentTyping.take() > 0) return;
    const events = [{ eventType: "Typing", typing: { type: "On", duration: TYPING_MS } }];
    this.tellEvents({ direction: "Outbound", events, originatingEntity: from === "bot" ? "Bot" : "Human" });
  }

  #tellDisconnect(readOnly: "true" | "false"): void {
    if (!this.deployment.disconnect.enabled) return;
    const events = [{ eventType: "Presence", presence: { type: "Disconnect" } }];
    this.tellEvents({ direction: "Outbound", events }, { isKept: true, metadata: { readOnly } });
  }

  #fromOf({ from, name, avatarUrl }: Message): Participant | undefined {
    if (from === "bot") return this.deployment.humanize.enabled ? this.deployment.humanize.bot : undefined;
    return name === undefined ? undefined : { nickname: name, ...(avatarUrl !== undefined && { image: avatarUrl }) };
  }
}
