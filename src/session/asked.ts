/** Asked: what a session is asked to do, and when a guest asked for it. Types only. */
import type { Command } from "../chat/command.ts";

/** A command with what the tab knew when the guest gave it. */
export interface Asked {
  /** Of the command; of a send or reply also the message's. */
  id: string;
  command: Command;
  /** ms since the epoch, our clock. */
  at: number;
}
