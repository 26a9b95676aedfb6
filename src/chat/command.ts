/** Commands: what a guest, through a tab, asks of the session. They cross a port upward. */
import type { Identity, SignIn } from "./profile.ts";
import type { Answer } from "./rich.ts";

export type Command =
  /** The guest has opened the chat, or asks to try again: be live. `connect: false` only gets what lets us in. */
  | { type: "open"; connect?: false }
  /** `attachment` is an upload; `text` may then be empty. One on its way goes by itself when it is up, and the text at once. */
  | { type: "send"; text: string; attachment?: string }
  /** Answers message `to`: by one of its quick replies, or as `answer` says. */
  | { type: "reply"; to: string; text: string; payload: string; answer?: Answer }
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
  /** Settles with the upload's id when it is `uploaded`. */
  | { type: "attach"; file: File }
  /** Takes an upload away, also one that has failed. */
  | { type: "detach"; upload: string }
  /** Asks for a fresh link to a file. */
  | { type: "refresh-link"; attachment: string }
  /** Empties the conversation, in all tabs and at Genesys. */
  | { type: "clear" }
  /** The session is in use elsewhere: take it over. */
  | { type: "take-over" }
  /** Genesys exchanges the code. */
  | { type: "sign-in"; signIn: SignIn }
  /** On all devices. */
  | { type: "sign-out" }
  /** Tells Genesys who the guest is to an identity provider; settles with a Profile. */
  | { type: "identify"; identity: Identity }
  /** Settles with Metrics. */
  | { type: "metrics" }
  /** Ends the conversation and the session, and erases all that is kept of them. */
  | { type: "terminate" };

export type CommandType = Command["type"];

/** What few guests ask: checked and performed by what is fetched then; a `send` only where it has an attachment, a `clear` where it is over. */
export type SeldomCommand = Extract<
  Command,
  { type: "send" | "attach" | "detach" | "refresh-link" | "clear" | "sign-in" | "sign-out" }
>;

/** Repeated by the client to the next hub when a hub has gone; any other rejects with CHAT_INTERRUPTED. */
export const isRepeatable = (command: Command): boolean =>
  ["send", "reply", "retry", "cancel", "seen", "visible", "open"].includes(command.type);
