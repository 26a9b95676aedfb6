/** Messages: what the platform says, in the words of the chat. */
import type { IncomingMessage } from "../../chat/event.ts";
import type { StructuredMessage } from "../../wire/web-messaging/answers.ts";
import { toRich } from "./content.ts";

/** What a message is known by: the channel's id where there is one. */
export const toKeys = ({ id, messageId }: StructuredMessage): Pick<IncomingMessage, "serverId" | "alias"> =>
  messageId && id && messageId !== id ? { serverId: messageId, alias: id } : { serverId: messageId ?? id };

export interface Reading {
  /** Agents have names and pictures. */
  humanize: boolean;
  /** Where it came without a time: ms since the epoch. */
  now: number;
}

/** A message as it is shown; null where there is nothing to show. It must have an id. */
export function toIncoming(message: StructuredMessage, { humanize, now }: Reading): IncomingMessage | null {
  const { inbound, bot, time, from } = message;
  const { attachments, quickReplies, content, texts } = toRich(message.content, inbound);
  const text = message.text ?? (texts.join("\n") || undefined);
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
