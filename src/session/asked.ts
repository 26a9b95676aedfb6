/** Asked: what a session is asked to do, and when a guest asked for it. Types only. */
import type { Command } from "../chat/command.ts";

/** `load-earlier` moves one tab's page: the hub's affair. */
export type SessionCommand = Exclude<Command, { type: "load-earlier" }>;

/** A command with what the tab knew when the guest gave it. */
export interface Asked {
  /** Of the command; of a send or reply also the message's. */
  id: string;
  command: SessionCommand;
  /** ms since the epoch, our clock. */
  at: number;
}
