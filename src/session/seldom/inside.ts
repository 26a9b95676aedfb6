/** Inside: what the parts of `seldom` share. Types only. */
import type { Extended } from "../protocol.ts";

export interface Inside extends Extended {
  /** Calls back after each event; returns the un-listen. */
  watch(listener: () => void): () => void;
  /** Aborts when the session stops. */
  lifetime: AbortSignal;
}
