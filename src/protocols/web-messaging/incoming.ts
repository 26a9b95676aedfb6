/** Incoming: what a StructuredMessage means, live or from the history: a message, an echo, an event. */

import type { IncomingMessage } from "../../chat/event.ts";
import type { Connection } from "../../session/protocol.ts";
import type { StructuredMessage } from "../../wire/web-messaging/answers.ts";
import type { Deployment } from "../../wire/web-messaging/deployment.ts";
import { fetchReader, isReadable, toClientId, toIncoming, toKeys } from "./messages.ts";

export interface Incoming {
  /** As it came over the socket. */
  take(message: StructuredMessage, tracingId: string | undefined): void;
  /** Of the history, once it is readable: null where there is nothing to show. A guest's has our id where the server still knows it. */
  toMessage(entity: StructuredMessage): IncomingMessage | null;
}

export interface IncomingRequest {
  connection: Connection;
  deployment: Deployment;
  /** A guest's message, or his Join, has arrived; with the `tracingId` that it was sent with, where the platform says. */
  onEcho(tracingId: string | undefined): void;
  /** Somebody has written. */
  onMessage(): void;
}

/** Where typing does not say how long it lasts. */
const TYPING_MS = 5_000;

export function createIncoming({ connection, deployment, onEcho, onMessage }: IncomingRequest): Incoming {
  const { emit, now, platform } = connection;

  /** Without any id it could never be told from another. */
  const identify = (message: StructuredMessage): StructuredMessage =>
    message.id || message.messageId ? message : { ...message, id: platform.randomId() };

  const read = (message: StructuredMessage) => toIncoming(message, { humanize: deployment.humanize, now: now() });

  function takeEvents({ events, inbound, metadata, time, from }: StructuredMessage, tracingId: string | undefined) {
    const sentAt = time ?? now();
    const name = deployment.humanize ? from.name : undefined;
    for (const { eventType, type, duration = TYPING_MS } of events) {
      switch (`${inbound ? "guest" : "others"} ${eventType} ${type}`) {
        case "others Typing On":
          if (deployment.agentTyping) emit({ type: "typing", on: true, name, durationMs: duration });
          break;
        case "others Typing Off":
          emit({ type: "typing", on: false });
          break;
        case "others Presence Join":
          emit({ type: "presence", happened: "joined", name, sentAt });
          break;
        case "others Presence Disconnect":
          if (metadata.readOnly === "true") emit({ type: "readonly", sentAt });
          else emit({ type: "presence", happened: "left", name, sentAt });
          break;
        case "guest Presence Join":
          onEcho(tracingId);
          break;
      }
    }
  }

  function takeMessage(given: StructuredMessage, tracingId: string | undefined) {
    const message = identify(given);
    const shown = read(message);
    if (shown && (message !== given || message.time === undefined)) emit({ type: "odd", reason: "incomplete" });
    const id = message.inbound ? toClientId(message, tracingId) : undefined;
    onMessage();
    if (id !== undefined) {
      const { serverId = id, alias } = toKeys(message);
      const { sentAt = message.time ?? now(), text, attachments } = shown ?? {};
      emit({ type: "delivered", id, serverId, alias, sentAt, text, attachments });
      onEcho(id);
    } else if (shown) emit({ type: "received", message: shown });
  }

  function take(message: StructuredMessage, tracingId: string | undefined) {
    if (message.type === "Event" || message.events.length > 0) takeEvents(message, tracingId);
    if (message.type !== "Event") takeMessage(message, tracingId);
  }

  return {
    take(...given) {
      if (isReadable(given[0])) take(...given);
      else void fetchReader().then(() => take(...given));
    },
    toMessage(entity) {
      if (entity.type === "Event") return null;
      const message = read(identify(entity));
      const id = entity.inbound ? toClientId(entity, entity.tracingId) : undefined;
      return message && { ...message, ...(id && { id }) };
    },
  };
}
