/** Typing, both ways: told no more often than the platform takes it, and over where nobody says that it is. */
import type { SessionEvent } from "../chat/event.ts";
import type { Clock } from "./platform.ts";

/** The platform takes typing at most this often. */
const TYPING_MS = 5_000;
/** Who types for longer has said so again, or has gone without a word. */
const TYPING_ENDS_MS = 30_000;

export interface Typing {
  /** The guest types, or has stopped; false where the platform need not know. */
  isNews(on: boolean): boolean;
  /** Others type, or have stopped. */
  heard(event: Extract<SessionEvent, { type: "typing" }>): void;
  stop(): void;
}

export function createTyping(clock: Clock, emit: (event: SessionEvent) => void): Typing {
  let typedAt = -TYPING_MS;
  let cancel = () => {};
  return {
    isNews(on) {
      if (on && clock.monotonic() - typedAt < TYPING_MS) return false;
      typedAt = on ? clock.monotonic() : -TYPING_MS;
      return true;
    },
    heard({ on, durationMs = TYPING_ENDS_MS }) {
      cancel();
      if (on) cancel = clock.after(Math.min(durationMs, TYPING_ENDS_MS), () => emit({ type: "typing", on: false }));
    },
    stop: () => cancel(),
  };
}
