/** Protocol: what a dialect of Genesys Cloud must be. A protocol knows one dialect and owns no time. */
import type { ActivityDetails } from "../chat/activity.ts";
import type { Chat } from "../chat/chat.ts";
import type { Command } from "../chat/command.ts";
import type { ChatErrorCode } from "../chat/error.ts";
import type { HandlerEvent, RetryDecision, SessionEvent } from "../chat/event.ts";
import { Failure } from "../chat/failure.ts";
import type { Message } from "../chat/message.ts";
import type { Identity, Profile } from "../chat/profile.ts";
import type { reduce } from "../chat/reduce.ts";
import type { Upload } from "../chat/rich.ts";
import type { ChatState } from "../chat/state.ts";
import type { Asked } from "./asked.ts";
import type { Platform } from "./platform.ts";
import type { Rate } from "./rate-limit.ts";
import type { Store } from "./store.ts";

/** What lets us in. Times in ms of the server's clock; without `expiresAt` there is no refresh. Only `secrets` is opaque. */
export interface Credentials {
  url: string;
  issuedAt?: number;
  expiresAt?: number;
  secrets: Readonly<Record<string, string>>;
}

/** `start` keeps saved ones while they are fresh, `refresh` always fetches, `new-session` ignores what is saved. */
export type AuthorizeReason = "start" | "refresh" | "new-session";

export interface AuthorizeRequest {
  saved: Credentials | null;
  reason: AuthorizeReason;
  /** The page's own attributes. */
  attributes: Readonly<Record<string, unknown>>;
  /** The server's clock less ours, in ms, as last measured. */
  skew: number;
}

/** What is known of a failure to connect; retry-policy.ts judges by it. */
export interface Circumstances {
  /** The socket's close code. */
  close?: number;
  /** No socket ever opened: all that a browser tells of a refused upgrade. */
  unopened?: boolean;
  /** The HTTP status of `authorize`; absent where the network failed. */
  status?: number;
  /** What the other end asked for: in ms, or a Retry-After as it came. */
  retryAfter?: number | string | null;
  /** The dialect knows better than the policy. */
  decision?: RetryDecision;
}

/** Why there is no connection: thrown by `authorize`, by the socket, and for a handler that has `lost` its connection. */
export class ConnectionFailure extends Failure {
  declare readonly circumstances: Circumstances;

  constructor(code: ChatErrorCode, detail: string | undefined, circumstances: Circumstances) {
    super(code, detail);
    this.circumstances = circumstances;
  }
}

/** What one socket lends a handler, from its open to its close. */
export interface Connection {
  credentials: Credentials;
  /** `serverId` of the newest message held, or null. */
  after: string | null;
  /** ms since the epoch on the server's clock, as measured. */
  now(): number;
  send(frame: string): void;
  emit(event: HandlerEvent): void;
  platform: Platform;
  /** Aborted when the connection is over. */
  signal: AbortSignal;
}

/** A dialect on one connection. Whatever it remembers lives here. */
export interface Handler {
  /** Sends the first frame. What follows is done in `receive`. */
  handshake(): void;
  /** Does what a guest asks; resolves when it is on its way, rejects with a Failure. */
  perform(command: HandlerCommand, signal: AbortSignal): Promise<unknown>;
  /** Asks for a sign of life: any frame within 10 s is one. */
  probe(): void;
  /** Takes one frame. Never throws; false where it is none. What it does not know, as of a newer server, it ignores. */
  receive(frame: string): unknown;
}

/** What a guest has written, as it goes out; `to` is the message that it answers. */
export type Outgoing = Pick<Message, "id" | "payload" | "answer" | "to" | "attachments"> & { text: string };

/** The commands that concern a connection. */
export type HandlerCommand =
  | ({ type: "send" } & Outgoing)
  | Extract<Command, { type: "typing" | "end" | "clear" | "load-earlier" }>
  /**
   * Resolves with Genesys' id when Genesys has confirmed the file, and tells by `upload` events how far it is: with
   * `progress` 1 all of it is up. CHAT_UPLOAD_FAILED where another attempt may help.
   */
  | { type: "attach"; upload: Upload; file: File }
  /** `attachment` is Genesys' id of a file that is in no message. */
  | { type: "detach"; attachment: string }
  /** Resolves with the link, which is also told as `link`. */
  | { type: "refresh-link"; attachment: string }
  /** As the guest to whom these secrets have been given meanwhile, on this connection; resolves when Genesys knows. */
  | { type: "sign-in"; secrets: Credentials["secrets"] };

/** An entry of the activity log on its way to who reads it. */
export interface ReportEntry {
  /** From 1, rising over all of a session. */
  seq: number;
  /** ISO 8601, UTC. */
  timestamp: string;
  event: string;
  details: ActivityDetails;
}

/** `durationMs`: the session so far. */
export interface Report {
  durationMs: number;
  entries: readonly ReportEntry[];
}

/** What a dialect needs beside the conversation; none of it needs a connection. Each ends after 10 s, and needs credentials: CHAT_NO_SESSION. */
export interface Errands {
  /**
   * Resolves with the profile as Genesys has it and the credentials that take the place of those given. Throws a
   * ConnectionFailure: its decision is `refresh` where the guest is gone and other credentials may help.
   */
  identify(identity: Identity, credentials?: Credentials): Promise<{ profile: Profile; credentials: Credentials }>;
  /** Resolves when the entries need not be sent again: taken, or refused for good. Rejects where another time may help. */
  report(report: Report, credentials?: Credentials): Promise<void>;
  /** From then on the credentials let nobody in. Rejects where that is not certain. */
  revoke(credentials?: Credentials): Promise<void>;
}

/** What of the state stays as it was where a conversation is over and nobody connects any more. */
export type Shown = Pick<ChatState, "features" | "markdown" | "signedIn">;

/** What a session lends its extension. */
export interface Extended {
  chat: Readonly<Chat>;
  platform: Platform;
  store: Store;
  emit(event: SessionEvent): void;
  /** Keeps it over the session's own end. */
  keep(part: {
    epoch?: string;
    seen?: string;
    readonly?: boolean;
    earlier?: boolean;
    credentials?: Credentials;
    uploads?: unknown;
    shown?: Shown;
  }): Promise<unknown>;
  /** The page's own, as they are now. */
  attributes(): Readonly<Record<string, unknown>>;
  /** What the platform takes in a while; comes later than the first connection. */
  rate(): Pick<Rate, "wait" | "sent"> | undefined;
  /** What is kept of it. */
  standing(): { readonly credentials?: Credentials; readonly uploads?: unknown; readonly skew: number };
  /** On the live connection, or the next one within 30 s. */
  perform(command: HandlerCommand, signal?: AbortSignal): Promise<unknown>;
  /** Its `start` connects, also after a stop; without effect while it tries. Its `stop` closes what is open. */
  loop: { start(reason: AuthorizeReason): void; stop(): void };
  /** Keeps a message, shows it and lets it wait for its turn; `at` in ms of our clock. Resolves with its id. */
  send(draft: Pick<Message, "id" | "text" | "attachments">, at: number): Promise<string>;
  /** Ends the session here and erases all that is kept of it. */
  erase(): Promise<void>;
}

/** What a dialect adds to a session, and comes with its chunk: commands, and what follows from events. */
export interface Extension {
  /** Called after an event has changed the chat. */
  observe(event: SessionEvent): void;
  /** The commands that are not every session's. Rejects with a Failure. */
  dispatch(asked: Asked): Promise<unknown>;
  /** A message is about to go out: it does when this resolves. */
  transmitting(message: Message): Promise<unknown>;
  stop(): void;
}

export interface Protocol {
  /** Attributes larger than the platform takes: what to tell the site owner; null where they are not. */
  findExcess(attributes: Readonly<Record<string, unknown>>): string | null;
  /** Resolves with credentials to connect with, or throws a ConnectionFailure. */
  authorize(request: AuthorizeRequest, platform: Platform, signal: AbortSignal): Promise<Credentials>;
  createHandler(connection: Connection): Handler;
  /** Fetched when the first is asked for: most guests never need it at once. */
  openErrands(platform: Platform): Promise<Errands>;
  /** The dialect's own close codes, 4000 and above; retry-policy.ts judges the rest. */
  closeCodes: Readonly<Record<number, RetryDecision>>;
  /** In place of ours, where the dialect has events that no other has; with those it leaves the rest to ours. */
  reduce?: typeof reduce;
  /** What the dialect adds to a session. */
  extend?(session: Extended): Extension;
  /** What the same guest begins a new conversation with; absent: as another guest. */
  anew?(credentials: Credentials | undefined): Credentials | undefined;
}
