/** A leader: a tab that runs the hub, for itself and for all that follow over the channel. */
import { randomId } from "../../session/system.ts";
import { createHub, type HubRequest } from "../hub.ts";
import type { HubPort, TabPort, Update, Upward } from "../port.ts";
import { createPortPair } from "../port-pair.ts";
import { whenTabGone } from "../when-tab-gone.ts";
import { createExchange } from "./channel-port.ts";
import { type Answer, isQuestion } from "./follower.ts";

/** Says that it leads, and gives its own tab a port. Returns the way to step down, after which it sends nothing. */
export function lead(
  channel: BroadcastChannel,
  openSession: HubRequest["openSession"],
  onPort: (port: TabPort) => void,
): () => void {
  const term = new AbortController();
  const answer: Answer = { leader: randomId() };
  // No lock of a tab is waited for beyond the term: granted to a page that is frozen by then, it would stay with it.
  const hub = createHub({ openSession, whenGone: (tab) => whenTabGone(tab, term.signal) });
  const exchange = createExchange(channel, answer.leader, (port) => hub.accept(port as HubPort));
  const hear = ({ data }: MessageEvent) => {
    if (isQuestion(data)) channel.postMessage(answer);
  };
  channel.addEventListener("message", hear);
  channel.postMessage(answer);
  const [tabPort, hubPort] = createPortPair<Upward, Update>();
  hub.accept(hubPort);
  onPort(tabPort);
  return () => {
    term.abort();
    channel.removeEventListener("message", hear);
    exchange.close();
    hub.close();
  };
}
