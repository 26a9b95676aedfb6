/** Contest: of all that could run a session's hub one is elected, and the others pass their tabs on to it. */
import { stand } from "./election.ts";
import { follow } from "./follower.ts";
import { lead } from "./leader.ts";
import { createRelay } from "./relay.ts";
import { createSeat, type Seat } from "./seat.ts";

/** A hub that has led alone needs it, too; from here, since each way into a chunk costs the worker a name. */
export { lead };

export interface Contender {
  /** Of the session: the Web Lock that elects, and the channel. */
  service: string;
  /** When it leads. */
  openHub(): Seat;
  /** Tabs find their hub there from now on. Returns the way to close it, after which they ask again. */
  sit(seat: Seat): () => void;
  onBarred(cause: Error): void;
}

/** Until `signal` is aborted. */
export function contest({ service, openHub, sit, onBarred }: Contender, signal: AbortSignal): void {
  const channel = new BroadcastChannel(service);
  let seat = createSeat();
  let rise = sit(seat);

  function vacate(): void {
    rise();
    seat = createSeat();
    rise = sit(seat);
  }
  function occupy(by: Seat): void {
    if (seat.taken) vacate();
    seat.take(by);
  }

  const startFollowing = () =>
    follow(channel, {
      onLeader: (connect) => occupy(createRelay(connect)),
      onSilence: () => depose(),
    });
  let stopFollowing = startFollowing();

  function takeLead(resign: () => void): () => void {
    stopFollowing();
    const hub = openHub();
    occupy(hub);
    const stopLeading = lead(channel, hub, resign);
    return () => {
      stopLeading();
      if (signal.aborted) return;
      // Before anything else: it sends nothing any more.
      vacate();
      stopFollowing = startFollowing();
    };
  }

  const depose = stand(service, { lead: takeLead, onBarred }, signal);
  signal.addEventListener("abort", () => {
    stopFollowing();
    rise();
    channel.close();
  });
}
