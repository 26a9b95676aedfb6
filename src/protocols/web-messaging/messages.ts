/** Messages: what the platform says, in the words of the chat. */
import type { IncomingMessage } from "../../chat/event.ts";
import type { StructuredMessage } from "../../wire/web-messaging/answers.ts";
import type { Rich, toRich } from "./content.ts";

/** What a message is known by: the channel's id where there is one. */
export const toKeys = ({ id, messageId }: StructuredMessage): Pick<IncomingMessage, "serverId" | "alias"> =>
  messageId && id && messageId !== id ? { serverId: messageId, alias: id } : { serverId: messageId ?? id };

/** What reads cards, pickers, forms and files: a chunk that comes with the first message that has one. */
let readRich: typeof toRich | undefined;
const NO_RICH: Rich = { attachments: [], quickReplies: [], texts: [] };

export const isReadable = ({ content }: StructuredMessage): boolean => content.length === 0 || readRich !== undefined;

/** Never rejects: without it the text is shown. */
export async function fetchReader(): Promise<void> {
  try {
    ({ toRich: readRich } = await import("./content.ts"));
  } catch {
    // As promised.
  }
}

export interface Reading {
  /** Agents have names and pictures. */
  humanize: boolean;
  /** Where it came without a time: ms since the epoch. */
  now: number;
}

/** A message as it is shown; null where there is nothing to show. It must have an id. */
export function toIncoming(message: StructuredMessage, { humanize, now }: Reading): IncomingMessage | null {
  const { inbound, bot, time, from } = message;
  const { attachments, quickReplies, content, texts } = readRich?.(message.content, inbound) ?? NO_RICH;
  // A pressed button's text is the message's own; what is in content that nobody here can show is read beside it.
  const isUnsaid = (text: string) => !message.text || (!inbound && !message.text.includes(text));
  const unsaid = texts.filter(isUnsaid);
  const text = [message.text, ...unsaid].filter(Boolean).join("\n") || undefined;
  if (text === undefined && !content && attachments.length + quickReplies.length === 0) return null;
  const face = inbound || !humanize ? {} : { name: from.name, avatarUrl: from.imageUrl };
  return {
    ...toKeys(message),
    from: inbound ? "guest" : bot ? "bot" : "agent",
    ...face,
    text,
    sentAt: time ?? now,
    ...(quickReplies.length > 0 && { quickReplies }),
    ...(content && { content }),
    ...(attachments.length > 0 && { attachments }),
  };
}

/** The id that we, or another client of ours or Genesys', gave a guest's message; absent where the server does not say. */
export const toClientId = ({ metadata }: StructuredMessage, tracingId?: string): string | undefined =>
  tracingId ?? metadata.customMessageId ?? metadata.id;
