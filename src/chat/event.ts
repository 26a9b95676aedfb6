/** SessionEvents: what has happened to a session, in the past tense. Only `reduce` turns them into state. */
import type { ChatErrorData } from "./error.ts";
import type { Message } from "./message.ts";
import type { Attachment, Upload, UploadRules } from "./rich.ts";
import type { Feature, Phase } from "./state.ts";

/** A message as a protocol knows it: it has no id of ours unless it is an echo. */
export type IncomingMessage = Omit<Message, "id" | "delivery" | "error"> & { id?: string };

/** So many in so many ms. */
export interface RateLimit {
  count: number;
  ms: number;
}

/** What a handler may report about its connection. */
export type HandlerEvent =
  /** Caught up: what is still unacknowledged now, was not received. */
  | {
      type: "live";
      features: readonly Feature[];
      textBytes?: number;
      /** What the platform takes, from the shortest while to the longest. */
      limits?: readonly RateLimit[];
      uploadRules?: UploadRules;
      signedIn?: boolean;
      markdown?: boolean;
    }
  | { type: "received"; message: IncomingMessage }
  /** The echo of a guest's message: the proof of its delivery. */
  | {
      type: "delivered";
      id: string;
      serverId: string;
      alias?: string;
      sentAt: number;
      text?: string;
      attachments?: readonly Attachment[];
    }
  /** Older messages; `more`: there are older ones yet. */
  | { type: "earlier"; messages: readonly IncomingMessage[]; more: boolean }
  /** It is over after `durationMs`, or 30 s, where nobody says so before. */
  | { type: "typing"; on: boolean; name?: string; durationMs?: number }
  | { type: "presence"; happened: "joined" | "left"; name?: string; sentAt: number }
  /** This message fails; the queue behind it goes on. */
  | { type: "rejected"; id: string; error: ChatErrorData }
  /** Sent again later with the same id; `retryAfter` in ms. */
  | { type: "throttled"; retryAfter: number; id?: string }
  /** The session closes this connection and follows the decision; `retryAfter` in ms. */
  | { type: "lost"; decision: RetryDecision; retryAfter?: number; error?: ChatErrorData }
  /** An upload as it is now; what is left out of it is as it was. */
  | { type: "upload"; upload: Upload }
  | { type: "detached"; upload: string }
  /** A fresh link, wherever the file is shown. */
  | { type: "link"; attachment: string; url: string }
  /** When the session ends unless somebody writes: ms since the epoch, on the server's clock. */
  | { type: "expires"; at: number }
  /** The page's attributes were not taken, and are sent no more. The conversation goes on. */
  | { type: "warned"; error: ChatErrorData }
  /** The conversation was emptied, here or on another device; `epoch` is the next one's. */
  | { type: "cleared"; epoch: string }
  /** Genesys knows nothing of the conversation that we hold: what follows is another. */
  | { type: "began-anew"; sentAt: number }
  /** The session is gone, and with it all that was said: the guest has signed out. */
  | { type: "ended" }
  /** `unreadable`: a frame that was dropped. `incomplete`: a message without an id or a time, which is shown all the same. */
  | { type: "odd"; reason: "unreadable" | "incomplete" }
  /** The conversation is over; the transcript stays. */
  | { type: "readonly"; sentAt: number };

/** What the session itself reports. */
export type SessionEvent =
  | HandlerEvent
  | { type: "phase"; phase: Phase; reason?: ChatErrorData }
  /** On disk and to be sent. */
  | { type: "sending"; message: Message }
  /** Whether it arrived cannot be known any more, and the dialect would not notice a second copy. */
  | { type: "unconfirmed"; id: string }
  | { type: "cancelled"; id: string }
  /** The session ends soon unless somebody writes, at that time on our clock; or not so soon any more. */
  | { type: "expiring"; at?: number }
  /** What an earlier hub has left of its uploads. */
  | { type: "restored"; uploads: readonly Upload[] }
  /** The disk takes nothing any more: what is said from now on is gone with the hub. */
  | { type: "undurable" }
  | { type: "saw"; message: string }
  /** The session is gone, and all that was kept of it. */
  | { type: "erased"; epoch: string };

/** What to do after a close. Beyond `times` without 10 s of healthy uptime it is `stop`. */
export interface RetryDecision {
  do: "retry" | "refresh" | "new-session" | "stop";
  times?: number;
  /** The other end sheds load: the wait is long, and spread. */
  load?: true;
}
