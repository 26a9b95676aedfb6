/** A relay: sits where a hub would, and passes on what its tabs say to the hub that leads elsewhere. */
import { hasShape, isText } from "../../shape.ts";
import type { HubPort, Join, TabPort, Upward } from "../port.ts";
import { whenTabGone } from "../when-tab-gone.ts";
import type { Seat } from "./seat.ts";

const isFromTab = hasShape({ tab: isText });

/** `connect` gives a port of its own to each tab. */
export function createRelay(connect: () => TabPort): Seat {
  const closed = new AbortController();

  function accept(port: HubPort): void {
    const hub = connect();
    const close = () => {
      port.close();
      hub.close();
    };
    closed.signal.addEventListener("abort", close);
    hub.listen((update) => port.post(update));
    port.listen((message) => {
      hub.post(message as Upward);
      if (!isFromTab(message)) return;
      void whenTabGone((message as Join).tab, closed.signal).then(() => {
        closed.signal.removeEventListener("abort", close);
        close();
      });
    });
  }

  return { accept, close: () => closed.abort() };
}
