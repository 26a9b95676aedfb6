/** Sending: from a text that the guest has typed to a message that is kept, shown and in line to be sent. */
import type { Chat } from "../chat/chat.ts";
import type { ChatErrorData } from "../chat/error.ts";
import type { SessionEvent } from "../chat/event.ts";
import { Failure } from "../chat/failure.ts";
import type { Message } from "../chat/message.ts";
import { canWrite } from "../chat/state.ts";
import type { Store } from "./store.ts";

/** What the guest sent longer ago than this, he is asked about before it is sent. */
const UNSENT_MS = 86_400_000;

/** May be a message that has failed. */
export type Draft = Pick<Message, "id" | "text" | "payload" | "answer" | "to" | "attachments">;

export interface Sending {
  /** `at` in ms of our clock. Resolves with the message's id. */
  send(draft: Draft, at: number): Promise<string>;
  /** Why it cannot be sent, or null. */
  refusal(message: Message): ChatErrorData | null;
}

export interface SendingRequest {
  chat: Readonly<Chat>;
  store: Store;
  /** ms since the epoch on the server's clock. */
  serverNow(): number;
  /** The server's clock less ours, in ms. */
  skew(): number;
  emit(event: SessionEvent): void;
  /** In ms of the server's clock; what is sent from now on comes after it. */
  lastSent: number;
}

export function createSending({ chat, store, serverNow, skew, emit, lastSent }: SendingRequest): Sending {
  /** What cannot be sent is shown as failed, with its reason: a text that somebody has typed never vanishes. */
  function refusal({ text, sentAt, tried }: Message): ChatErrorData | null {
    if (!canWrite(chat.state.phase)) return { code: "CHAT_ENDED" };
    // What may have arrived is looked for first.
    if (!tried && serverNow() - sentAt > UNSENT_MS) return { code: "CHAT_EXPIRED" };
    const bytes = new TextEncoder().encode(text).length;
    const limit = chat.state.textBytes ?? bytes;
    return bytes > limit ? { code: "CHAT_TEXT_TOO_LONG", detail: `${bytes} bytes, ${limit} are taken` } : null;
  }

  /** Strictly rising, so that the order typed is the order sent, whatever the clock does. */
  function nextSendTime(at: number): number {
    lastSent = Math.max(lastSent + 1, at + skew());
    return lastSent;
  }

  return {
    refusal,

    /** On disk first, shown then. */
    async send(draft, at) {
      if (draft.text?.trim() === "") throw new Failure("CHAT_TEXT_EMPTY");
      const { id, text, payload, answer, to, attachments } = draft;
      const sentAt = nextSendTime(at);
      const message: Message = {
        id,
        text,
        payload,
        answer,
        to,
        attachments,
        from: "guest",
        sentAt,
        delivery: "sending",
      };
      const error = refusal(message);
      if (!error) await store.put("messages", message.id, message);
      emit({ type: "sending", message });
      if (error) emit({ type: "rejected", id: message.id, error });
      return message.id;
    },
  };
}
