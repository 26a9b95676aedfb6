/** Inside: what the parts of `seldom` share. */
import type { Extended } from "../protocol.ts";

export interface Inside extends Extended {
  /** Calls back after each event; returns the un-listen. */
  watch(listener: () => void): () => void;
  /** Aborts when the session stops. */
  lifetime: AbortSignal;
}

/** Less than what the platform takes of requests: the rest is for texts. */
const PART = 0.8;

/** Waits until the platform takes one more request that is no message, and counts it. */
export async function takeTurn({ platform, rate }: Inside): Promise<void> {
  for (let ms = rate()?.wait(PART); ms; ms = rate()?.wait(PART)) {
    const wait = ms;
    await new Promise<void>((go) => platform.clock.after(wait, go));
  }
  rate()?.sent(false);
}
