/** Port: the seam between a tab and its hub. Types only: the whole wire between them at a glance. */

import type { Changes } from "../chat/chat.ts";
import type { Command } from "../chat/command.ts";
import type { ChatErrorData } from "../chat/error.ts";
import type { HubOptions } from "./options.ts";

/** Raised when an older end could not understand the newer one. */
export const PORT_VERSION = 1;

/** Up: the first on every port. */
export interface Join {
  type: "join";
  portVersion: number;
  /** Of the tab; also the name of the Web Lock that it holds while it lives. */
  tab: string;
  options: HubOptions;
}

/** Up: every other. `epoch` is the state's when a send or reply was typed, `at` the time, in ms of our clock. */
export interface Request {
  id: string;
  command: Command;
  epoch?: string;
  at: number;
}

export type Upward = Join | Request;

export type Settled = { ok: true; value?: unknown } | { ok: false; error: ChatErrorData };

/** Down: what changed. The first after a join has `reset`, and the client drops what it held. */
export interface Update extends Changes {
  reset?: true;
  /** Commands of this port that are done, by id. */
  settled?: Record<string, Settled>;
}

/** Down, before anything else, from a host apart: the hub is there, and holds the Web Lock of that name while it lives. */
export interface Sign {
  lock?: string;
}

/** One end. `post` never throws; what cannot be delivered is dropped. */
export interface Port<Out, In> {
  post(message: Out): void;
  /** One listener; what arrived before it is handed over first. Returns the un-listen. */
  listen(listener: (message: In) => void): () => void;
  close(): void;
}

/** The end that a tab holds. */
export type TabPort = Port<Upward, Update>;
/** The end that the hub holds. */
export type HubPort = Port<Update, unknown>;
