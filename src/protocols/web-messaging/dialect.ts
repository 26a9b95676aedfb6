/** Dialect: what the handlers of one session share, over all of its connections. Types only. */
import type { Deployment } from "../../wire/web-messaging/deployment.ts";
import type { Login } from "./authentication.ts";
import type { Budget } from "./budget.ts";
import type { Lent } from "./extension.ts";

/** What the platform counts by session. */
export interface Spent {
  /** Requests for pages of history. */
  history?: Budget;
  /** When the last health check went out, by the monotonic clock. */
  echoedAt?: number;
}

export interface Dialect {
  lent: Lent;
  deployment: Deployment;
  deploymentId: string;
  /** Origin of REST. */
  api: string;
  spent: Spent;
  login: Login;
  /** Largest custom attributes, in bytes. */
  attributesBytes: number;
}
