/** Outbox: sends what is not yet acknowledged, oldest first, one in flight until its echo. The messages lie in the transcript. */
import type { Message } from "../chat/message.ts";
import type { Clock } from "./platform.ts";

/** What a live connection gives the outbox. */
export interface Carrier {
  transmit(message: Message): void;
  /** No echo within 10 s: only a connection that catches up anew can tell whether the message arrived. */
  doubt(): void;
}

export interface Outbox {
  /** A connection has caught up: what is still pending was not received. Returns the id of what was in flight. */
  attach(carrier: Carrier): string | undefined;
  detach(): void;
  /** Sends the next, if nothing is in the way. */
  next(): void;
  /** Acknowledged, rejected or given up. */
  landed(id: string): void;
  /** The platform takes so many in a minute. */
  allow(perMinute: number): void;
  /** The platform asks for it: sends nothing for `ms`, then what was in flight again, and less in a minute. */
  pause(ms: number): void;
}

const ECHO_MS = 10_000;
/** A minute, and what the way there may take: the platform counts from when they arrive. */
const WINDOW_MS = 62_000;
/** However often the platform is busy, so many may be tried in a minute. */
const LEAST = 5;

/** `oldestPending` is the message whose turn it is. */
export function createOutbox(clock: Clock, oldestPending: () => Message | undefined): Outbox {
  let carrier: Carrier | null = null;
  let inFlight: string | undefined;
  let cancelEcho = () => {};
  let cancelPause: (() => void) | null = null;
  /** When those of the last minute were sent. */
  let sent: number[] = [];
  let allowed = Number.POSITIVE_INFINITY;
  /** Additive increase with each echo up to what is allowed, multiplicative decrease with each refusal. */
  let limit = allowed;

  function next() {
    const message = oldestPending();
    if (!message || !carrier || inFlight || cancelPause) return;
    const now = clock.monotonic();
    sent = sent.filter((at) => at > now - WINDOW_MS);
    if (sent.length >= Math.floor(limit)) return hold((sent[0] ?? now) + WINDOW_MS - now);
    sent.push(now);
    inFlight = message.id;
    cancelEcho = clock.after(ECHO_MS, carrier.doubt);
    carrier.transmit(message);
  }
  function hold(ms: number) {
    cancelPause?.();
    cancelPause = clock.after(ms, () => {
      cancelPause = null;
      next();
    });
  }
  function land() {
    cancelEcho();
    inFlight = undefined;
  }

  return {
    attach(newCarrier) {
      const doubtful = inFlight;
      land();
      carrier = newCarrier;
      return doubtful;
    },
    detach() {
      cancelEcho();
      carrier = null;
    },
    next,
    landed(id) {
      if (inFlight === id) {
        land();
        limit = Math.min(allowed, limit + 1 / limit);
      }
      next();
    },
    allow(perMinute) {
      if (perMinute === allowed) return;
      allowed = Math.max(1, perMinute);
      limit = Math.min(limit, allowed);
    },
    pause(ms) {
      land();
      limit = Math.min(limit, Math.max(LEAST, sent.length / 2));
      sent = [];
      hold(ms);
    },
  };
}
