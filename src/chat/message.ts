/** A message: what somebody wrote or sent, one bubble; or a line that says what happened, one row. */
import type { ChatErrorData } from "./error.ts";
import type { Answer, Attachment, Content } from "./rich.ts";

export type From = "guest" | "agent" | "bot" | "system";

/** Of a guest's own message. `unconfirmed`: it may or may not have arrived, and only the guest may send it again. */
export type Delivery = "sending" | "sent" | "failed" | "unconfirmed";

export interface QuickReply {
  text: string;
  payload: string;
  imageUrl?: string;
}

export interface Message {
  /** Ours: made by the tab for a guest's message, by the session for any other. Never changes. */
  id: string;
  /** Genesys'; absent until it is known. */
  serverId?: string;
  /** Where Genesys has two ids for it, the other. */
  alias?: string;
  from: From;
  name?: string;
  avatarUrl?: string;
  text?: string;
  quickReplies?: QuickReply[];
  content?: Content;
  attachments?: Attachment[];
  /** A guest's message that is a reply: what was chosen stands for. */
  payload?: string;
  /** A guest's message that is a reply to more than a quick reply. */
  answer?: Answer;
  /** The message that it is a reply to. */
  to?: string;
  /** The payload of what the guest chose under this message; the rest is then disabled. */
  chosen?: string;
  /** A `system` row that says what happened instead of a text. `new-conversation` is the divider above a new one. */
  happened?: "joined" | "left" | "ended" | "new-conversation";
  /** ms since the epoch: the server's time once known, ours until then. */
  sentAt: number;
  /** Only on a guest's own. */
  delivery?: Delivery;
  /** Of one that is kept as `sending`: it has gone out, and may have arrived. */
  tried?: true;
  /** Why `delivery` is `failed`. */
  error?: ChatErrorData;
}

/** One total order in all tabs: time, then id. What is still on its way stands last, in the order typed. */
export function compareMessages(a: Message, b: Message): number {
  const pending = Number(isPending(a)) - Number(isPending(b));
  return pending || a.sentAt - b.sentAt || Number(a.id > b.id) - Number(a.id < b.id);
}

/** A guest's message that Genesys does not have yet, as far as we know. */
export const isPending = (message: Message): boolean => message.delivery === "sending";

/** Counts towards unread: written by somebody else. */
export const isFromOthers = (message: Pick<Message, "from">): boolean =>
  message.from === "agent" || message.from === "bot";
