/** Extension: what a dialect adds to a session, and comes with its chunk: commands and what follows from events. Types only. */
import type { Chat } from "../chat/chat.ts";
import type { SessionEvent } from "../chat/event.ts";
import type { Asked } from "./asked.ts";
import type { Loop } from "./loop.ts";
import type { Platform } from "./platform.ts";
import type { HandlerCommand } from "./protocol.ts";
import type { Standing } from "./saved.ts";
import type { Store } from "./store.ts";

/** What a session lends its extension. */
export interface Extended {
  chat: Readonly<Chat>;
  platform: Platform;
  store: Store;
  loop: Loop;
  standing(): Readonly<Standing>;
  keep(part: Partial<Standing>): Promise<unknown>;
  emit(event: SessionEvent): void;
  /** On the live connection, or the next one within 30 s. */
  perform(command: HandlerCommand): Promise<unknown>;
  /** Ends the session here and erases all that is kept of it. */
  erase(): Promise<void>;
}

export interface Extension {
  /** Called after an event has changed the chat. */
  observe(event: SessionEvent): void;
  /** The commands that are not every session's. Rejects with a Failure. */
  dispatch(asked: Asked): Promise<unknown>;
  /** A message goes out: from now on it may have arrived. */
  transmitted(id: string): void;
  /** Went out before the hub that sent it has gone, and has no echo. */
  readonly doubtful: string | undefined;
  stop(): void;
}

export type Extend = (session: Extended) => Extension;
