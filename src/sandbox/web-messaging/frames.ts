/** What the sandbox sends over the socket of web messaging (section 3 of the protocol): envelopes and bodies, pure. */
import type { InboundEvent } from "../../wire/web-messaging/requests.ts";
import type { Message } from "../conversation.ts";
import type { Content } from "./content.ts";

/** `type`: the answer to a request, or pushed. `tracingId`: of the request that has caused it. */
export interface Frame {
  type: "response" | "message";
  class: string;
  code: number;
  body: unknown;
  tracingId?: string;
}

export interface Participant {
  firstName?: string;
  lastName?: string;
  nickname?: string;
  image?: string;
}

/** Body of a StructuredMessage. Values of metadata are always strings. */
export type Body = {
  direction: "Inbound" | "Outbound";
  id: string;
  channel: { time: string; messageId?: string; type?: "Private"; from?: Participant };
  type: "Text" | "Structured" | "Event";
  text?: string;
  content?: readonly Content[];
  events?: readonly object[];
  originatingEntity?: "Human" | "Bot";
  metadata: Record<string, string>;
};

export const respond = (name: string, body: unknown, tracingId: string | undefined, code = 200): Frame => ({
  type: "response",
  class: name,
  code,
  body,
  tracingId,
});

export const push = (name: string, body: unknown = {}, tracingId?: string): Frame => ({
  type: "message",
  class: name,
  code: 200,
  body,
  tracingId,
});

/** An error of section 5, as a text. */
export const refuse = (code: number, message: string, tracingId?: string): Frame =>
  respond("string", message, tracingId, code);

/** The error that is told as an object. */
export const refuseMissing = (field: string, tracingId?: string): Frame => {
  const message = `A required field is missing: ${field}`;
  const body = { errorCode: 4020, errorMessage: message, name: "ErrorMessage", message, tracingId };
  return respond("ErrorMessage", body, tracingId, 400);
};

/** `retryAfter` in seconds. */
export const refuseRate = (errorCode: 429 | 4029, errorMessage: string, retryAfter: number, tracingId?: string) =>
  respond("TooManyRequestsErrorMessage", { retryAfter, errorCode, errorMessage }, tracingId, 429);

/** The platform's ids have no dashes; the same UUID with them is the channel's. */
export const toId = (uuid: string): string => uuid.replaceAll("-", "");

/** How a guest's end has put its message, where the conversation does not say. */
export interface Wording {
  type?: "Text" | "Structured";
  text?: string;
  metadata?: Record<string, string>;
}

/** A guest's message as its echo has it: unchanged but for an empty text, which is left out. */
export function toEcho(message: Message, wording: Wording, metadata: Record<string, string>): Body {
  const { id, sentAt, content } = message;
  return {
    direction: "Inbound",
    id: toId(id),
    channel: { time: new Date(sentAt).toISOString(), messageId: id },
    type: wording.type ?? "Text",
    ...(wording.text && { text: wording.text }),
    ...(content && content.length > 0 && { content }),
    metadata: { ...wording.metadata, ...metadata },
  };
}

/** What bot, agent or system have said. `from`: who that is, where it is told. */
export function toOutbound(message: Message, from: Participant | undefined, metadata: Record<string, string>): Body {
  const { id, sentAt, text, quickReplies = [] } = message;
  const content = [
    ...quickReplies.map(
      (reply): Content => ({ contentType: "QuickReply", quickReply: { ...reply, action: "Message" } }),
    ),
    ...(message.content ?? []),
  ];
  const isText = content.every(({ contentType }) => contentType === "Attachment");
  return {
    direction: "Outbound",
    id: toId(id),
    channel: { time: new Date(sentAt).toISOString(), type: "Private", ...(from && { from }) },
    type: isText ? "Text" : "Structured",
    ...(text !== undefined && { text }),
    ...(content.length > 0 && { content }),
    ...(message.from === "agent" && { originatingEntity: "Human" as const }),
    ...(message.from === "bot" && { originatingEntity: "Bot" as const }),
    metadata,
  };
}

/** What is told beside messages. `at` in ms since the epoch. */
export function toEventBody(
  event: Pick<Body, "direction" | "originatingEntity" | "metadata"> & {
    id: string;
    at: number;
    from?: Participant;
    events: readonly (InboundEvent | object)[];
  },
): Body {
  const { id, at, from, ...rest } = event;
  const channel = { time: new Date(at).toISOString(), messageId: id, ...(from && { from }) };
  return { ...rest, id: toId(id), channel, type: "Event" };
}
