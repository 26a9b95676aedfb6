/** The front door: the element's class, its events, errors and types, by name. Registers nothing. */

export type { ActivityDetails, ActivityLogEntry, Metrics } from "./chat/activity.ts";
export { ChatError, type ChatErrorCode } from "./chat/error.ts";
export type { Delivery, From, Message, QuickReply } from "./chat/message.ts";
export type { Identity, Profile, SignIn } from "./chat/profile.ts";
export type { Answerer, ChatState, Feature, Phase } from "./chat/state.ts";
export {
  ChatCloseEvent,
  ChatDegradedEvent,
  ChatErrorEvent,
  ChatMessageEvent,
  ChatOpenEvent,
  ChatPhaseEvent,
  ChatUnreadEvent,
} from "./element/events.ts";
export { ChatSignInEvent } from "./element/extras/sign-in-event.ts";
export { GenesysGuestChat } from "./element/genesys-guest-chat.ts";
export type { TextKey } from "./element/texts.ts";
