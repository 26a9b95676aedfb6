/** Commands: what a guest, through a tab, asks of the session. They cross a port upward. */
import type { Identity } from "./profile.ts";

export type Command =
  /** The guest has opened the chat, or asks to try again: be live. `connect: false` only gets what lets us in. */
  | { type: "open"; connect?: false }
  | { type: "send"; text: string }
  /** Answers message `to` by one of its quick replies. */
  | { type: "reply"; to: string; text: string; payload: string }
  /** Sends a failed message again. */
  | { type: "retry"; message: string }
  /** Takes a failed message away. */
  | { type: "cancel"; message: string }
  | { type: "typing"; on: boolean }
  | { type: "end" }
  | { type: "start-new" }
  /** In place of those before; told at the next refresh or with a new guest. */
  | { type: "set-attributes"; attributes: Record<string, unknown> }
  /** Every message up to this one was shown. */
  | { type: "seen"; message: string }
  /** The tab's page is visible and its chat open, or not. */
  | { type: "visible"; on: boolean }
  | { type: "load-earlier" }
  /** Tells Genesys who the guest is to an identity provider; settles with a Profile. */
  | { type: "identify"; identity: Identity }
  /** Settles with Metrics. */
  | { type: "metrics" }
  /** Ends the conversation and the session, and erases all that is kept of them. */
  | { type: "terminate" };

export type CommandType = Command["type"];

/** Repeated by the client to the next hub when a hub has gone; any other rejects with CHAT_INTERRUPTED. */
export const isRepeatable = (command: Command): boolean =>
  ["send", "reply", "retry", "cancel", "seen", "visible", "open"].includes(command.type);
