/** The DOM events of the element: all bubble and cross shadow roots. */
import type { ChatError } from "../chat/error.ts";
import type { Message } from "../chat/message.ts";
import type { Phase } from "../chat/state.ts";

const THROUGH = { bubbles: true, composed: true };

/** The panel has opened. */
export class ChatOpenEvent extends Event {
  constructor() {
    super("chat-open", THROUGH);
  }
}

/** The panel has closed. */
export class ChatCloseEvent extends Event {
  constructor() {
    super("chat-close", THROUGH);
  }
}

/** A message is new in the chat, whoever wrote it; not fired for what is restored or loaded from earlier. */
export class ChatMessageEvent extends Event {
  readonly message: Readonly<Message>;
  constructor(message: Message) {
    super("chat-message", THROUGH);
    this.message = Object.freeze(structuredClone(message));
  }
}

/** The session is in another phase. */
export class ChatPhaseEvent extends Event {
  readonly phase: Phase;
  constructor(phase: Phase) {
    super("chat-phase", THROUGH);
    this.phase = phase;
  }
}

/** The number of unread messages has changed. */
export class ChatUnreadEvent extends Event {
  readonly unread: number;
  constructor(unread: number) {
    super("chat-unread", THROUGH);
    this.unread = unread;
  }
}

/** Something failed. */
export class ChatErrorEvent extends Event {
  readonly error: ChatError;
  constructor(error: ChatError) {
    super("chat-error", THROUGH);
    this.error = error;
  }
}

/** The chat works, with less than was asked for: another host, or no storage. */
export class ChatDegradedEvent extends Event {
  readonly error: ChatError;
  constructor(error: ChatError) {
    super("chat-degraded", THROUGH);
    this.error = error;
  }
}

declare global {
  interface HTMLElementEventMap {
    "chat-open": ChatOpenEvent;
    "chat-close": ChatCloseEvent;
    "chat-message": ChatMessageEvent;
    "chat-phase": ChatPhaseEvent;
    "chat-unread": ChatUnreadEvent;
    "chat-error": ChatErrorEvent;
    "chat-degraded": ChatDegradedEvent;
  }
}
