/** Typing: the guest's, told no more often than the platform takes it; and others', until it ends or goes without a word. */
import type { Clock } from "./platform.ts";

/** The platform takes typing at most this often. */
const TYPING_MS = 5_000;
/** Who types for longer has said so again, or has gone without a word. */
const TYPING_ENDS_MS = 30_000;

export interface Typing {
  /** Of the guest's: nobody knows of it yet. */
  isNews(on: boolean): boolean;
  told(on: boolean): void;
  /** Others' has begun, for `ms` at most, or has ended. */
  heard(on: boolean, ms?: number): void;
}

export function createTyping(clock: Clock, onEnd: () => void): Typing {
  let toldAt = -TYPING_MS;
  let cancelEnd = () => {};

  return {
    isNews: (on) => !on || clock.monotonic() - toldAt >= TYPING_MS,
    told(on) {
      toldAt = on ? clock.monotonic() : -TYPING_MS;
    },
    heard(on, ms = TYPING_ENDS_MS) {
      cancelEnd();
      if (on) cancelEnd = clock.after(Math.min(ms, TYPING_ENDS_MS), onEnd);
    },
  };
}
