/** What an event changes in a chat whose dialect has more than every dialect has. Comes with that dialect's chunk. */
import type { Changes, Chat } from "./chat.ts";
import type { IncomingMessage, SessionEvent } from "./event.ts";
import type { Message } from "./message.ts";
import { reduce } from "./reduce.ts";

type Delivered = Extract<SessionEvent, { type: "delivered" }>;

/** As `reduce`, and in place of it. */
export function reduceMore(chat: Readonly<Chat>, event: SessionEvent, watched = false): Changes {
  switch (event.type) {
    case "live": {
      const { uploadRules, signedIn, markdown } = event;
      const { state } = reduce(chat, event);
      return { state: { ...state, uploadRules, signedIn, markdown } };
    }
    case "received": {
      const { message } = event;
      const held = findHeld(chat, message);
      // Among what was missed: it had arrived after all.
      if (held?.delivery && held.delivery !== "sent") return delivered(chat, toDelivered(held.id, message));
      return held ? {} : reduce(chat, event, watched);
    }
    case "delivered":
      return delivered(chat, event);
    case "earlier": {
      const messages = event.messages.filter((message) => !findHeld(chat, message)).map(toMessage);
      return { messages, state: { earlier: event.more } };
    }
    case "warned":
      return { state: { reason: event.error } };
    case "expiring":
      return event.at === chat.state.expiresAt ? {} : { state: { expiresAt: event.at } };
    case "cleared": {
      const { epoch } = event;
      const unseen = { seen: undefined, unread: 0, answerer: undefined, typing: undefined, expiresAt: undefined };
      return { removed: [...chat.messages.keys()], state: { ...unseen, epoch, earlier: false, uploads: undefined } };
    }
    case "phase":
      return reduce(chat, toPhase(event));
    default:
      return reduce(chat, event, watched);
  }
}

/** Both stop the loop, and neither is a failure: one waits for the guest to take over, the other for what he writes next. */
function toPhase(event: Extract<SessionEvent, { type: "phase" }>): SessionEvent {
  if (event.phase !== "failed") return event;
  if (event.reason?.code === "CHAT_MOVED") return { ...event, phase: "waiting" };
  return event.reason?.code === "CHAT_SESSION_EXPIRED" ? { type: "phase", phase: "idle" } : event;
}

/** Genesys knows a message by one of two ids, and may tell of it by the other later. */
function findHeld(
  chat: Readonly<Chat>,
  { id, serverId, alias }: Pick<IncomingMessage, "id" | "serverId" | "alias">,
): Message | undefined {
  const same = (known: string | undefined) => known !== undefined && (known === serverId || known === alias);
  const byId = chat.messages.get(id ?? serverId ?? "");
  return byId ?? [...chat.messages.values()].find((message) => same(message.serverId) || same(message.alias));
}

const toDelivered = (id: string, message: IncomingMessage): Delivered => ({
  ...message,
  type: "delivered",
  id,
  serverId: message.serverId ?? id,
});

const toMessage = (message: IncomingMessage): Message => ({ ...message, id: message.id ?? message.serverId ?? "" });

/** A guest's message that came without our id before is the same: it was shown as another's then. */
function delivered(chat: Readonly<Chat>, event: Delivered): Changes {
  const { id, alias, attachments } = event;
  const twin = findHeld(chat, { ...event, id: "" });
  // Another device's, which is there already.
  if (twin && twin.id !== id && !chat.messages.has(id)) return {};
  const changes = reduce(chat, event);
  if (!changes.messages) return changes;
  return {
    messages: changes.messages.map((message) => ({
      ...message,
      ...(alias && { alias }),
      ...(attachments?.[0] && { attachments: [...attachments] }),
    })),
    ...(twin && twin.id !== id && { removed: [twin.id] }),
  };
}
