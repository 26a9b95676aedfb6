/** One connection of web messaging as its requests see it, and what all connections of a deployment share. */
import type { SandboxClock } from "../options.ts";
import type { Rate } from "../rate.ts";
import type { Sessions } from "../sessions.ts";
import type { Deployment } from "./deployment.ts";
import type { GuestSession, Line } from "./guest-session.ts";
import type { GuestSessions } from "./guest-sessions.ts";
import type { History } from "./history.ts";
import type { Tokens } from "./tokens.ts";
import type { Asker, Uploads } from "./uploads.ts";

export interface Shared {
  clock: SandboxClock;
  randomId: () => string;
  deployment: Deployment;
  guests: GuestSessions;
  sessions: Sessions;
  uploads: Uploads;
  history: History;
  tokens: Tokens;
  /** By session. */
  messageRate: Rate;
  /** By token. */
  configureRate: Rate;
}

export interface GuestLine extends Line {
  readonly shared: Shared;
  /** Where the guest's end reaches the sandbox, for links. */
  readonly origin: string;
  readonly isClosed: boolean;
  readonly asker: Asker;
  /** From here on it speaks for that guest. */
  enter(guest: GuestSession, token: string): void;
}
