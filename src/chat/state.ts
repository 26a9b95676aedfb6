/** The state of a chat: everything shown that is not a message. Every tab holds a copy of it. */
import type { ChatErrorData } from "./error.ts";
import type { Upload, UploadRules } from "./rich.ts";

/**
 * `readonly`: the conversation is over, transcript and "start new" are shown. `ended`: the session is gone and erased.
 * `failed`: stopped for good, with its reason, until the guest tries again.
 */
export type Phase = "idle" | "connecting" | "live" | "waiting" | "readonly" | "ended" | "failed";

/** What the dialect in use can do; views hide the rest. */
export type Feature = "attachments" | "earlier" | "profile" | "signIn" | "clear";

/** Who answers, as the last message or presence named them. */
export interface Answerer {
  from: "agent" | "bot";
  name?: string;
  avatarUrl?: string;
}

export interface ChatState {
  phase: Phase;
  /** Why the phase is `waiting` or `failed`. */
  reason?: ChatErrorData;
  features: readonly Feature[];
  /** Somebody is writing; `name` when known. */
  typing?: { name?: string };
  answerer?: Answerer;
  /** Messages of others that no open, visible tab has shown. */
  unread: number;
  /** Id of the newest message that was seen. */
  seen?: string;
  /** Longest text that the platform takes, in bytes of UTF-8. */
  textBytes?: number;
  /** New whenever the conversation so far must not be continued by what an old tab still holds. */
  epoch: string;
  /** Messages older than this tab's oldest are to be had (differs by tab). */
  earlier: boolean;
  /** Files on their way, or up and not yet sent. */
  uploads?: readonly Upload[];
  /** With the feature `attachments`. */
  uploadRules?: UploadRules;
  /** When the session ends unless somebody writes: ms since the epoch, on our clock. There from 5 minutes before. */
  expiresAt?: number;
  /** Genesys knows the guest by an identity provider. */
  signedIn?: boolean;
  /** Texts of others are Markdown. */
  markdown?: boolean;
  /** The session survives the browser; false where storage is blocked or not wanted. */
  durable: boolean;
}

export const initialState = (known: Partial<ChatState> = {}): ChatState => ({
  phase: "idle",
  features: [],
  unread: 0,
  epoch: "",
  earlier: false,
  durable: true,
  ...known,
});

/** The guest may write: it is sent now, or kept until it can be. */
export const canWrite = (phase: Phase): boolean => phase !== "readonly" && phase !== "ended";

/** A conversation may begin anew. */
export const canStartNew = (phase: Phase): boolean => phase === "failed" || !canWrite(phase);
