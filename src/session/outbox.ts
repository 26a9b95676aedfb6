/** Outbox: sends what is not yet acknowledged, oldest first, one in flight until its echo. The messages lie in the transcript. */
import { isPending, type Message } from "../chat/message.ts";
import type { Clock } from "./platform.ts";
import type { Rate } from "./rate-limit.ts";

/** What a live connection gives the outbox. */
export interface Carrier {
  /** Counts it when it goes out. */
  transmit(message: Message): void;
  /** No echo within 10 s: only a connection that catches up anew can tell whether the message arrived. */
  doubt(): void;
}

export interface Outbox {
  /** A connection has caught up: what is still pending was not received. */
  attach(carrier: Carrier): void;
  detach(): void;
  /** Puts a message at the end of the line, where it has its turn. */
  add(id: string): void;
  /** The message whose turn it is. */
  first(): Message | undefined;
  /** Sends the next, if nothing is in the way. */
  next(): void;
  /** Acknowledged, rejected or given up. */
  landed(id: string): void;
  /** The platform asks for it: sends nothing for `ms`, then what was in flight again, unless it was another `id` that was refused. */
  pause(ms: number, id?: string): void;
}

const ECHO_MS = 10_000;

export interface OutboxRequest {
  clock: Clock;
  /** Comes later than the first connection. */
  rate(): Rate | undefined;
  messages: ReadonlyMap<string, Message>;
}

export function createOutbox({ clock, rate, messages }: OutboxRequest): Outbox {
  /** Ids, in the order typed. */
  const line = new Set<string>();
  let carrier: Carrier | null = null;
  let inFlight: string | undefined;
  let cancelEcho = () => {};
  let cancelPause: (() => void) | null = null;

  /** What has arrived, failed or been erased leaves the line here: thousands of texts are looked at once each. */
  function first() {
    for (const id of line) {
      const message = messages.get(id);
      if (message && isPending(message)) return message;
      line.delete(id);
    }
  }
  function next() {
    if (!carrier || inFlight || cancelPause) return;
    const message = first();
    if (!message) return;
    const waitMs = rate()?.wait();
    if (waitMs) return hold(waitMs);
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
      land();
      carrier = newCarrier;
    },
    detach() {
      cancelEcho();
      carrier = null;
    },
    add(id) {
      line.delete(id);
      line.add(id);
    },
    first,
    next,
    landed(id) {
      if (inFlight === id) {
        land();
        rate()?.accepted();
      }
      next();
    },
    pause(ms, id = inFlight) {
      if (id === inFlight) land();
      rate()?.refused();
      hold(ms);
    },
  };
}
