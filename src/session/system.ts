/** Time and chance as the machine gives them. */
import type { Clock } from "./platform.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Insecure pages lack randomUUID; there the address of a blob ends in a UUID (File API, section 8.3.1). */
export const randomId = (): string => crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);
