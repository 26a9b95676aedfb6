/** A leader: whoever runs the hub, for its own tabs and for all that follow over the channel. */
import { randomId } from "../../session/system.ts";
import { type HubPort, PORT_VERSION } from "../port.ts";
import { createExchange } from "./channel-port.ts";
import { type Answer, isCallToResign, isQuestion } from "./follower.ts";
import type { Seat } from "./seat.ts";

/** Says that it leads. `resign`: a newer version, whose tabs this hub would not understand, stands for it. Returns the way to stop. */
export function lead(channel: BroadcastChannel, hub: Pick<Seat, "accept">, resign: () => void): () => void {
  const answer: Answer = { leader: randomId(), portVersion: PORT_VERSION };
  const exchange = createExchange(channel, answer.leader, (port) => hub.accept(port as HubPort));
  const hear = ({ data }: MessageEvent) => {
    if (isQuestion(data)) channel.postMessage(answer);
    else if (isCallToResign(data, answer.leader)) resign();
  };
  channel.addEventListener("message", hear);
  channel.postMessage(answer);
  return () => {
    channel.removeEventListener("message", hear);
    exchange.close();
  };
}
