/** Outbox: sends what is not yet acknowledged, oldest first, one in flight until its echo. The messages lie in the transcript. */
import type { Message } from "../chat/message.ts";
import type { Clock } from "./platform.ts";
import type { Rate } from "./rate-limit.ts";

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
  /** The platform asks for it: sends nothing for `ms`, then what was in flight again. */
  pause(ms: number): void;
}

const ECHO_MS = 10_000;

export interface OutboxRequest {
  clock: Clock;
  /** Comes later than the first connection. */
  rate(): Rate | undefined;
  /** The message whose turn it is. */
  oldestPending(): Message | undefined;
}

export function createOutbox({ clock, rate, oldestPending }: OutboxRequest): Outbox {
  let carrier: Carrier | null = null;
  let inFlight: string | undefined;
  let cancelEcho = () => {};
  let cancelPause: (() => void) | null = null;

  function next() {
    const message = oldestPending();
    if (!message || !carrier || inFlight || cancelPause) return;
    const waitMs = rate()?.wait();
    if (waitMs) return hold(waitMs);
    rate()?.sent();
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
        rate()?.accepted();
      }
      next();
    },
    pause(ms) {
      land();
      rate()?.refused();
      hold(ms);
    },
  };
}
