/** A chat: all that is shown, state and messages; and how changes are applied to it, in the session as in every tab. */
import { compareMessages, type Message } from "./message.ts";
import type { ChatState } from "./state.ts";

export interface Chat {
  state: ChatState;
  messages: Map<string, Message>;
}

/** A key of `state` that is present and undefined is taken away. Messages are upserts by id. */
export interface Changes {
  state?: Partial<ChatState>;
  messages?: Message[];
  removed?: string[];
}

export function apply(chat: Chat, changes: Changes): void {
  if (changes.state) chat.state = { ...chat.state, ...changes.state };
  for (const id of changes.removed ?? []) chat.messages.delete(id);
  for (const message of changes.messages ?? []) chat.messages.set(message.id, message);
}

export const sortedMessages = (chat: Readonly<Chat>): Message[] => [...chat.messages.values()].sort(compareMessages);
