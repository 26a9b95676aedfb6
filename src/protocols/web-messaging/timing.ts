/** Timing: when a session ends for want of words, as the platform says and as each message moves it. */
import type { Connection } from "../../session/protocol.ts";
import { readTiming, type SessionResponse } from "../../wire/web-messaging/answers.ts";

export interface Timing {
  /** Of a session that was configured. */
  tell(session: Pick<SessionResponse, "durationSeconds" | "expiresAt">): void;
  /** Of the metadata of an answered echo. */
  read(metadata: Readonly<Record<string, string>>): void;
  /** Somebody has written: the session lives as long again. */
  touch(): void;
}

/** A shift that is smaller is not worth telling all tabs, or is what the way of a frame takes. */
const WORTH_TELLING_MS = 60_000;

export function createTiming({ now, emit }: Pick<Connection, "now" | "emit">): Timing {
  let durationMs: number | undefined;
  let told: number | undefined;

  function tell(at: number | undefined) {
    if (at === undefined || (told !== undefined && Math.abs(at - told) < WORTH_TELLING_MS)) return;
    told = at;
    emit({ type: "expires", at });
  }

  function update({ durationSeconds, expiresAt }: Pick<SessionResponse, "durationSeconds" | "expiresAt">) {
    if (durationSeconds !== undefined) durationMs = durationSeconds * 1000;
    tell(expiresAt);
  }

  return {
    tell: update,
    read: (metadata) => update(readTiming(metadata)),
    touch() {
      if (durationMs !== undefined) tell(now() + durationMs);
    },
  };
}
