/** Keeps the credentials of a live connection fresh, as long as it lives. */
import type { Step } from "./outage.ts";
import type { Credentials } from "./protocol.ts";
import { refreshTime } from "./refresh.ts";

const REFRESH_PAUSE_MS = 1_000;

export interface KeepFreshRequest {
  /** Those in use. */
  credentials(): Credentials | null;
  serverNow(): number;
  /** Gets fresh ones, unless an attempt before has, and a connection with them. */
  refresh(): Promise<void>;
  /** What comes after a refresh that was refused. */
  follow(error: unknown): Promise<Step>;
  /** May end early: at a wake, or where no timer is that long. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
}

/** Resolves when they are renewed, need no renewing, or the connection is over. */
export async function keepFresh({
  credentials,
  serverNow,
  refresh,
  follow,
  sleep,
  signal,
}: KeepFreshRequest): Promise<void> {
  let earliest = serverNow() + REFRESH_PAUSE_MS;
  let hasFailed = false;
  while (!signal.aborted) {
    const current = credentials();
    const time = current && refreshTime(current);
    if (time === null) return;
    const ms = Math.max(hasFailed ? 0 : time, earliest) - serverNow();
    // A wake ends the sleep early: the clock is asked again.
    if (ms > 0) await sleep(ms, signal);
    else {
      try {
        return await refresh();
      } catch (error) {
        hasFailed = true;
        // The connection in use stays; when its credentials have run out, its close is judged like any other.
        earliest = serverNow() + (await follow(error)).waitMs;
      }
    }
  }
}
