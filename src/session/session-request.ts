/** SessionRequest: what a session is made of. Types only. */
import type { createActivityLog } from "./activity/activity-log.ts";
import type { LoopRequest } from "./loop.ts";
import type { Platform } from "./platform.ts";
import type { Protocol } from "./protocol.ts";
import type { Store } from "./store.ts";

export interface SessionRequest {
  protocol: Protocol;
  platform: Platform;
  store: Store;
  attributes: Readonly<Record<string, unknown>>;
  /** A chunk of its own: who opens a session fetches it along with the dialect's. */
  activityLog: { createActivityLog: typeof createActivityLog };
  judgement: LoopRequest["judgement"];
}
