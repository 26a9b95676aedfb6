/** The guest socket (Guest API profile, section 3): puts a conversation on the wire, frame by frame, and is strict about it. */
import {
  CLOSE,
  type ClientFrame,
  type ErrorCode,
  isRefused,
  type Limits,
  parseClientFrame,
  type ServerFrame,
  type WireMessage,
} from "../../wire/guest-api.ts";
import type { Connection, SocketEnd } from "../connections.ts";
import type { ConversationEvent, Message } from "../conversation.ts";
import type { SandboxClock } from "../options.ts";
import { createRate, type Rate } from "../rate.ts";
import type { Session, Sessions } from "../sessions.ts";
import type { GuestTokens } from "./tokens.ts";

/** What all guest sockets share. */
export interface GuestApi {
  clock: SandboxClock;
  limits: Limits;
  sessions: Sessions;
  tokens: GuestTokens;
  /** Messages, by session. */
  messageRate: Rate;
}

const HANDSHAKE_MS = 10_000;
const INVALID_FRAMES_PER_MINUTE = 20;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const SOCKET_PATH = /^\/api\/v2\/guests\/([^/]+)\/sessions\/([^/]+)\/ws$/;

export interface SocketAddress {
  guestId: string;
  sessionId: string;
}

/** Whose socket a path asks for; undefined when it is no guest socket's. */
export function toSocketAddress(path: string): SocketAddress | undefined {
  const [, guestId, sessionId] = SOCKET_PATH.exec(path) ?? [];
  if (guestId === undefined || sessionId === undefined) return undefined;
  try {
    return { guestId: decodeURIComponent(guestId), sessionId: decodeURIComponent(sessionId) };
  } catch {
    return undefined;
  }
}

const toWireMessage = ({ payload: _, content: _content, sentAt, ...message }: Message): WireMessage => ({
  ...message,
  sentAt: new Date(sentAt).toISOString(),
});

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

type GuestMessage = Extract<ClientFrame, { type: "message" }>["payload"];

/** Why a message is not taken. */
interface Objection {
  code: ErrorCode;
  message: string;
  more?: { retryAfter: number };
}

/** `acked`: shaken hands, not yet resumed. */
type Stage = "new" | "checking" | "acked" | "live" | "closed";

export class GuestSocket implements SocketEnd {
  readonly #api: GuestApi;
  readonly #connection: Connection;
  readonly #address: SocketAddress;
  readonly #invalidRate: Rate;
  #stage: Stage = "new";
  #session: Session | undefined;
  #cancelTimer: () => void;
  #unlisten: () => void = () => {};

  constructor(api: GuestApi, connection: Connection, address: SocketAddress) {
    this.#api = api;
    this.#connection = connection;
    this.#address = address;
    this.#invalidRate = createRate(INVALID_FRAMES_PER_MINUTE, api.clock.now);
    this.#cancelTimer = api.clock.after(HANDSHAKE_MS, () => connection.close(CLOSE.noHandshake, "No handshake"));
  }

  receive(text: string | null): void {
    const frame = parseClientFrame(text);
    if (this.#session) {
      if (isRefused(frame)) this.#error("invalid_frame", frame.refused);
      else this.#perform(this.#session, frame);
    } else if (this.#stage === "new" && !isRefused(frame) && frame.type === "handshake") {
      void this.#handshake(frame.token);
    } else {
      // Whoever begins with something else will do so again: 4403 is final, so nobody is asked to retry.
      const reason = isRefused(frame) ? frame.refused : `${frame.type} before handshake_ack`;
      this.#fail("invalid_frame", reason, CLOSE.notAllowed);
    }
  }

  closed(): void {
    this.#stage = "closed";
    this.#cancelTimer();
    this.#unlisten();
  }

  async #handshake(token: string): Promise<void> {
    this.#stage = "checking";
    this.#cancelTimer();
    const verdict = await this.#api.tokens.verify(token);
    if (this.#isClosed()) return;
    const { guestId, sessionId } = this.#address;
    if (!verdict.ok) {
      this.#fail(verdict.expired ? "token_expired" : "invalid_token", verdict.reason, CLOSE.tokenRefused);
      return;
    }
    const { claims } = verdict;
    if (claims.sub !== guestId) {
      this.#fail("invalid_token", "The claim sub is another guest", CLOSE.tokenRefused);
      return;
    }
    const session = this.#api.sessions.find(sessionId);
    if (session?.guest.id !== guestId) {
      this.#fail("session_not_found", "There is no such session", CLOSE.sessionGone);
      return;
    }
    this.#session = session;
    this.#stage = "acked";
    const { clock, limits } = this.#api;
    const expiresAt = claims.exp * 1000;
    this.#cancelTimer = clock.after(expiresAt - clock.now(), () =>
      this.#fail("token_expired", "The token has expired", CLOSE.tokenRefused),
    );
    this.#send({ type: "handshake_ack", payload: { guestId, sessionId, expiresAt, now: clock.now(), limits } });
  }

  #perform(session: Session, frame: ClientFrame): void {
    const isLive = this.#stage === "live";
    if (frame.type === "ping") this.#send({ type: "pong", payload: { at: frame.payload.at } });
    else if (frame.type === "handshake") this.#error("invalid_frame", "handshake: a second one");
    else if (frame.type === "message") this.#message(session, frame.payload);
    else if (frame.type === "resume" && isLive) this.#error("invalid_frame", "resume: a second one");
    else if (frame.type === "resume") this.#resume(session, frame.payload.after);
    else if (!isLive) this.#error("invalid_frame", `${frame.type} before resume`);
    else if (frame.type === "typing") session.conversation.type("guest", frame.payload.on);
    else session.conversation.end();
  }

  #resume({ conversation }: Session, id: string | null): void {
    this.#stage = "live";
    const { after, messages } = conversation.since(id);
    for (const message of messages) this.#send({ type: "message", payload: toWireMessage(message) });
    this.#send({ type: "resumed", payload: { after, count: messages.length } });
    // A fault rule may have closed the socket in mid-replay.
    if (this.#isClosed()) return;
    if (conversation.readOnly) {
      this.#tell({ type: "ended" });
      return;
    }
    const unlisten = conversation.listen((event) => this.#tell(event));
    const leave = conversation.enter();
    conversation.open();
    this.#unlisten = () => {
      unlisten();
      leave();
    };
  }

  #message(session: Session, payload: GuestMessage): void {
    const { id, text, quickReply } = payload;
    // First of all: what was accepted once stays accepted, whatever has happened since.
    const known = session.conversation.find(id);
    const objection = known ? undefined : this.#objection(session, payload);
    if (known) this.#send({ type: "message", payload: toWireMessage(known) });
    else if (objection) this.#error(objection.code, objection.message, { ...objection.more, inReplyTo: id });
    else session.conversation.post({ from: "guest", clientId: id, text, payload: quickReply?.payload });
  }

  #objection({ id: sessionId, conversation }: Session, { id, text }: GuestMessage): Objection | undefined {
    if (conversation.readOnly) return { code: "conversation_ended", message: "The conversation is over" };
    if (this.#stage !== "live") return { code: "invalid_frame", message: "message before resume" };
    if (!UUID.test(id)) return { code: "invalid_frame", message: "message.id: not a UUID" };
    if (text.trim() === "") return { code: "invalid_frame", message: "message.text: empty" };
    const { textBytes, messagesPerMinute } = this.#api.limits;
    const bytes = byteLength(text);
    if (bytes > textBytes) {
      return { code: "message_too_long", message: `The text has ${bytes} bytes, at most ${textBytes} are allowed` };
    }
    const retryAfter = this.#api.messageRate.take(sessionId);
    if (retryAfter === 0) return undefined;
    return { code: "rate_limited", message: `At most ${messagesPerMinute} messages in a minute`, more: { retryAfter } };
  }

  #tell(event: ConversationEvent): void {
    if (event.type === "message") {
      this.#send({ type: "message", payload: toWireMessage(event.message) });
    } else if (event.type === "typing" && event.from !== "guest") {
      this.#send({ type: "typing", payload: { on: event.on, name: event.name } });
    } else if (event.type === "presence") {
      this.#send({ type: "presence", payload: { event: event.event, name: event.name } });
    } else if (event.type === "ended") {
      this.#send({ type: "presence", payload: { event: "ended" } });
      this.#connection.close(CLOSE.normal, "The conversation is over");
    }
  }

  #fail(code: ErrorCode, message: string, closeCode: number): void {
    this.#error(code, message);
    this.#connection.close(closeCode, code);
  }

  #error(code: ErrorCode, message: string, more: { retryAfter?: number; inReplyTo?: string } = {}): void {
    this.#send({ type: "error", payload: { code, message, ...more } });
    // A frame outside the profile is forgiven, but only so often.
    if (code === "invalid_frame" && this.#invalidRate.take() > 0) {
      this.#connection.close(CLOSE.tooMany, "Too many invalid frames");
    }
  }

  #send(frame: ServerFrame): void {
    this.#connection.send(frame);
  }

  /** A method, as the compiler takes the stage for unchanged over an await. */
  #isClosed(): boolean {
    return this.#stage === "closed";
  }
}
