/** What a session keeps over its own end: written as it changes, and checked when it is read. */
import type { Changes, Chat } from "../chat/chat.ts";
import { compareMessages, isPending, type Message } from "../chat/message.ts";
import { countUnread } from "../chat/reduce.ts";
import { initialState } from "../chat/state.ts";
import { hasShape, isNumber, isPlain, isText, optional } from "../shape.ts";
import type { Credentials, Shown } from "./protocol.ts";
import type { Store } from "./store.ts";

/** The standing of a session: its credentials, and what of the state is not in the messages. */
export interface Standing {
  epoch: string;
  seen?: string;
  readonly: boolean;
  /** The platform has messages that are older than ours. */
  earlier?: boolean;
  /** As the dialect keeps them. */
  uploads?: unknown;
  shown?: Shown;
  credentials?: Credentials;
  /** The server's clock less ours, in ms, as last measured. */
  skew: number;
}

export interface Saved {
  standing: Standing | null;
  messages: Message[];
}

/** The tail of a transcript that is kept; the platform has the rest. */
const KEPT_MESSAGES = 1_000;
const STANDING = "standing";

const isCredentials = hasShape({
  url: isText,
  secrets: (value) => isPlain(value) && Object.values(value).every(isText),
});
const isShown = hasShape({ features: Array.isArray });
const isStanding = hasShape({
  epoch: isText,
  skew: isNumber,
  credentials: optional(isCredentials),
  shown: optional(isShown),
});
const isMessage = hasShape({ id: isText, from: isText, sentAt: isNumber });

/** A record that is not what it should be is left aside: never a crash loop. */
export function load(store: Store): Saved {
  const sound = (store.all("messages").filter(isMessage) as Message[]).sort(compareMessages);
  for (const { id } of sound.slice(0, -KEPT_MESSAGES)) void store.delete("messages", id);
  return {
    standing: (store.all("keep").find(isStanding) as Standing | undefined) ?? null,
    messages: sound.slice(-KEPT_MESSAGES),
  };
}

/** The chat as it was left. */
export function restore(messages: Message[], standing: Standing, durable: boolean): Chat {
  const { epoch, seen, earlier = false, readonly, shown } = standing;
  const chat: Chat = {
    state: initialState({
      ...(readonly && shown),
      phase: readonly ? "readonly" : "idle",
      epoch,
      seen,
      earlier,
      durable,
    }),
    messages: new Map(messages.map((message) => [message.id, message])),
  };
  chat.state.unread = countUnread(chat, seen);
  return chat;
}

export const saveStanding = (store: Store, standing: Standing): Promise<unknown> =>
  store.put("keep", STANDING, standing);

/** What is to be sent was put on disk before it was shown; everything else follows what is shown. */
export function saveMessages(store: Store, { messages = [], removed = [] }: Changes): void {
  for (const message of messages) if (!isPending(message)) void store.put("messages", message.id, message);
  for (const id of removed) void store.delete("messages", id);
}
