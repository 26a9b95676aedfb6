/** A seat: where tabs find their hub, whether it is here or elsewhere. */
import type { HubPort } from "../port.ts";

/** A hub, or what passes on to one. */
export interface Seat {
  accept(port: HubPort): void;
  close(): void;
}

export interface OpenSeat extends Seat {
  readonly taken: boolean;
  /** By one, once: it gets all who have come by then. */
  take(by: Seat): void;
}

/** Takes ports before anybody sits there: a tab that is let in waits for a leader as it waits for the network. */
export function createSeat(): OpenSeat {
  const waiting: HubPort[] = [];
  let holder: Seat | null = null;
  return {
    get taken() {
      return holder !== null;
    },
    take(by) {
      holder = by;
      for (const port of waiting.splice(0)) by.accept(port);
    },
    accept(port) {
      if (holder) holder.accept(port);
      // Nobody listens to it: what is said on it stays in it.
      else waiting.push(port);
    },
    close() {
      holder?.close();
      for (const port of waiting.splice(0)) port.close();
    },
  };
}
