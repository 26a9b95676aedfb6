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
  /** Others' has begun, or has ended. */
  heard(on: boolean): void;
}

export function createTyping(clock: Clock, onEnd: () => void): Typing {
  let toldAt = -TYPING_MS;
  let cancelEnd = () => {};

  return {
    isNews: (on) => !on || clock.monotonic() - toldAt >= TYPING_MS,
    told(on) {
      toldAt = on ? clock.monotonic() : -TYPING_MS;
    },
    heard(on) {
      cancelEnd();
      if (on) cancelEnd = clock.after(TYPING_ENDS_MS, onEnd);
    },
  };
}
