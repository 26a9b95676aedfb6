/** Texts: every sentence that the chat shows by itself, by key; the guest's sentences for errors come from ChatError. */
import { type ChatError, type ChatErrorData, fromErrorData } from "../chat/error.ts";
import type { LaterTextKey } from "./later/texts-later.ts";
import type { ConsentTextKey } from "./texts-consent.ts";

const ENGLISH = {
  chat: "Chat",
  openChat: "Open chat",
  closeChat: "Close chat",
  hideChat: "Hide chat",
  conversation: "Conversation",
  message: "Message",
  placeholder: "Write a message",
  sendMessage: "Send message",
  you: "You",
  empty: "Hello! How can we help?",
  emptyMore: "Write to us below. We will answer here.",
  online: "Online",
  bot: "Virtual assistant",
  connecting: "Connecting…",
  reconnecting: "Reconnecting. What you write is kept and will be sent.",
  over: "This conversation is over.",
  erased: "This chat was ended and erased.",
  earlier: "Show earlier messages",
  newMessage: "New chat message",
  unread: "Unread messages: {}",
  somebody: "Somebody",
  joined: "{} joined",
  left: "{} left",
  ended: "The conversation has ended",
  "new-conversation": "New conversation",
  notShown: "This cannot be shown here.",
  sending: "Sending",
  sent: "Sent {}",
  notSent: "Not sent.",
  tryAgain: "Try again",
  tooLong: "This message is too long. Characters to remove: {}.",
};

export type TextKey = keyof typeof ENGLISH | "title" | ConsentTextKey | LaterTextKey;
/** By key, or by error code (`CHAT_…`) for the guest's sentence of an error. `{}` is filled. */
export type Texts = typeof ENGLISH & Readonly<Record<string, string | undefined>>;

/** The English texts with the deployment's over them, and the page's own over these. */
export const createTexts = (deployment?: object, own?: object): Texts => ({ ...ENGLISH, ...deployment, ...own });

export const fill = (sentence: string, value: string | number): string => sentence.replace("{}", () => `${value}`);

/** The sentence for the guest. */
export const toSentence = (texts: Texts, error: ChatError): string => texts[error.code] ?? error.guest;

/** The same of an error as the state holds it. */
export const toReason = (texts: Texts, error: ChatErrorData): string => toSentence(texts, fromErrorData(error));
