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

/** A UUID of version 7 (RFC 9562, section 5.7): one of a later ms sorts after it. `at`: ms since the epoch. */
export const timedId = (at: number): string =>
  (at + 2 ** 48).toString(16).replace(/.(.{8})(.{4})/, "$1-$2-7") + randomId().slice(15);
