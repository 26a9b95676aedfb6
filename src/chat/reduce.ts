/** The only writer of state: what an event changes. Runs where the session lives. */
import type { Changes, Chat } from "./chat.ts";
import type { SessionEvent } from "./event.ts";
import { compareMessages, isFromOthers, isPending, type Message } from "./message.ts";
import { initialState } from "./state.ts";

/** The newest message that Genesys knows: where a resume goes on. */
export const newestServerId = (chat: Readonly<Chat>): string | null =>
  last(chat, ({ serverId }) => serverId !== undefined)?.serverId ?? null;

/** The last in order of those that count. */
function last(chat: Readonly<Chat>, counts: (message: Message) => boolean): Message | undefined {
  let found: Message | undefined;
  for (const message of chat.messages.values()) {
    if (counts(message) && (!found || compareMessages(message, found) > 0)) found = message;
  }
  return found;
}

/** Two clocks agree only so far, in ms. */
const CLOCK_TOLERANCE_MS = 2_000;

/**
 * A row about what happens now. Unlike a message it has no time of the server's: it stands below all that is there,
 * and above what comes after it even where our estimate of that clock is a little fast.
 */
function toRow(chat: Readonly<Chat>, id: string, row: Pick<Message, "happened" | "name" | "sentAt">): Message[] {
  if (chat.messages.has(id)) return [];
  const above = last(chat, (message) => !isPending(message));
  const sentAt = Math.max((above?.sentAt ?? 0) + 1, row.sentAt - CLOCK_TOLERANCE_MS);
  return [{ ...row, id, from: "system", sentAt }];
}

/** What `event` changes; nothing where it is already so. `watched`: somebody sees the chat, and with it what comes. */
export function reduce(chat: Readonly<Chat>, event: SessionEvent, watched = false): Changes {
  switch (event.type) {
    case "phase": {
      const { phase, reason } = event;
      return { state: { phase, reason, ...(phase !== "live" && { typing: undefined }) } };
    }
    case "live":
      return {
        state: {
          phase: "live",
          reason: undefined,
          features: event.features,
          textBytes: event.textBytes,
        },
      };
    case "received":
      return received(chat, { ...event.message, id: event.message.id ?? event.message.serverId ?? "" }, watched);
    case "delivered":
      return delivered(chat, event);
    case "typing":
      if (!event.on && !chat.state.typing) return {};
      return { state: { typing: event.on ? { name: event.name } : undefined } };
    case "presence": {
      const { happened, name, sentAt } = event;
      const answerer = happened === "joined" ? ({ from: "agent", name } as const) : undefined;
      return {
        state: { typing: undefined, answerer },
        messages: toRow(chat, `${happened}:${sentAt}`, { happened, name, sentAt }),
      };
    }
    case "readonly":
      // Told again after a restart: the id says of which conversation it is the end.
      return {
        state: { phase: "readonly", reason: undefined, typing: undefined },
        messages: toRow(chat, `ended:${newestServerId(chat)}`, { happened: "ended", sentAt: event.sentAt }),
      };
    case "began-anew": {
      const { sentAt } = event;
      const divider = toRow(chat, `new:${sentAt}`, { happened: "new-conversation", sentAt });
      return {
        state: { typing: undefined, answerer: undefined },
        messages: chat.messages.size > 0 ? divider : [],
      };
    }
    case "sending": {
      const asked = event.to === undefined ? undefined : chat.messages.get(event.to);
      const chosen = asked && { ...asked, chosen: event.message.payload };
      return { messages: chosen ? [chosen, event.message] : [event.message] };
    }
    case "rejected":
      return patch(chat, event.id, { delivery: "failed", error: event.error });
    case "unconfirmed":
      return patch(chat, event.id, { delivery: "unconfirmed" });
    case "cancelled":
      return { removed: [event.id] };
    case "undurable":
      return { state: { durable: false } };
    case "saw":
      return saw(chat, event.message);
    case "erased": {
      const { epoch } = event;
      const { durable } = chat.state;
      // A key that is left out stays as it was.
      const blank = Object.fromEntries(Object.keys(chat.state).map((key) => [key, undefined]));
      return {
        state: { ...blank, ...initialState({ phase: "ended", epoch, durable }) },
        removed: [...chat.messages.keys()],
      };
    }
    default:
      // Throttled, lost: the session's affair, nothing that is shown.
      return {};
  }
}

/** A message of others, or of the guest from elsewhere. */
function received(chat: Readonly<Chat>, message: Message, watched: boolean): Changes {
  const held = chat.messages.get(message.id);
  if (held) return {};
  if (!isFromOthers(message)) return { messages: [message] };
  const from = message.from as "agent" | "bot";
  const seen = chat.messages.get(chat.state.seen ?? "");
  // Two of one moment stand by id: who has seen one has not seen the other, that came later. But a straggler is old news.
  const unseen = !seen || message.sentAt >= seen.sentAt;
  return {
    state: {
      typing: undefined,
      answerer: { from, name: message.name, avatarUrl: message.avatarUrl },
      // No badge flashes up in other tabs for what is read as it comes.
      ...(watched && unseen
        ? { seen: isUnseen(chat, message) ? message.id : seen?.id, unread: 0 }
        : { unread: chat.state.unread + Number(unseen) }),
    },
    messages: [message],
  };
}

function delivered(chat: Readonly<Chat>, event: Extract<SessionEvent, { type: "delivered" }>): Changes {
  const { id, serverId, sentAt } = event;
  const held = chat.messages.get(id) ?? { id, from: "guest" as const, text: event.text, sentAt };
  if (held.serverId === serverId && held.delivery === "sent") return {};
  return { messages: [{ ...held, serverId, sentAt, delivery: "sent", error: undefined }] };
}

function patch(chat: Readonly<Chat>, id: string, part: Partial<Message>): Changes {
  const held = chat.messages.get(id);
  return held ? { messages: [{ ...held, ...part }] } : {};
}

/** Below what was seen, or nothing was. */
function isUnseen(chat: Readonly<Chat>, message: Message, seen = chat.state.seen): boolean {
  const last = seen === undefined ? undefined : chat.messages.get(seen);
  return !last || compareMessages(message, last) > 0;
}

function saw(chat: Readonly<Chat>, id: string): Changes {
  const { state, messages } = chat;
  const message = messages.get(id);
  if (!message || (id !== state.seen && !isUnseen(chat, message))) return {};
  const unread = countUnread(chat, id);
  return id === state.seen && unread === state.unread ? {} : { state: { seen: id, unread } };
}

/** Messages of others after the one that was seen. */
export const countUnread = (chat: Readonly<Chat>, seen: string | undefined): number =>
  [...chat.messages.values()].filter((message) => isFromOthers(message) && isUnseen(chat, message, seen)).length;
