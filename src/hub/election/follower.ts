/** A follower: finds the one that leads, holds lines to it, and tells when it does not answer. */
import type { Clock } from "../../session/platform.ts";
import { randomId, systemClock } from "../../session/system.ts";
import { hasShape, isNumber, isOneOf, isText } from "../../shape.ts";
import { PORT_VERSION, type TabPort, type Update, type Upward } from "../port.ts";
import { createExchange, type Exchange } from "./channel-port.ts";

/** To all: who leads? A leader that runs answers; also a heartbeat's question. */
const QUESTION = { ask: "leader" };
export const isQuestion = hasShape({ ask: isOneOf(QUESTION.ask) });

/** To all: who leads. The answer, and what a new leader says unasked. */
export interface Answer {
  leader: string;
  portVersion: number;
}
const isAnswer = hasShape({ leader: isText, portVersion: isNumber });

/** To a leader that is older than who asks: a hub understands no ports that are newer than itself. */
interface CallToResign {
  resign: string;
}
export const isCallToResign = (value: unknown, leader: string): boolean => hasShape({ resign: isOneOf(leader) })(value);

/** Silent for this long is frozen, or stuck. Two questions: after a sleep of the machine the first answer may be late. */
export const BEAT_MS = 2_500;
const BEATS = 2;

export interface FollowerOptions {
  /** Called for each leader in turn, with the way to a new port to it. */
  onLeader(connect: () => TabPort): void;
  /** The leader has not answered for 5 s. */
  onSilence(): void;
  clock?: Clock;
}

/** Asks who leads, and again whenever something is posted; returns the way to stop, which closes the ports. */
export function follow(channel: BroadcastChannel, options: FollowerOptions): () => void {
  const { onLeader, onSilence, clock = systemClock } = options;
  const exchanges = new Set<Exchange>();
  let leader = "";
  let asked = 0;
  let stopped = false;
  let callOff = () => {};

  function ask(): void {
    if (asked === BEATS) {
      asked = 0;
      onSilence();
      return;
    }
    asked += 1;
    callOff = clock.after(BEAT_MS, ask);
    channel.postMessage(QUESTION);
  }

  function rest(): void {
    asked = 0;
    callOff();
  }

  function leave(): void {
    for (const exchange of exchanges) exchange.close();
    exchanges.clear();
  }

  /** Under a name of its own, by which the leader knows one port from the other. */
  function connect(): TabPort {
    const exchange = createExchange(channel, randomId());
    exchanges.add(exchange);
    const port = exchange.connect<Upward, Update>(leader);
    return {
      ...port,
      post(message) {
        port.post(message);
        if (asked === 0 && !stopped) ask();
      },
      close() {
        exchange.close();
        exchanges.delete(exchange);
      },
    };
  }

  function hear({ data }: MessageEvent): void {
    if (!isAnswer(data)) return;
    const answer = data as Answer;
    // One that does not resign is as good as silent.
    if (answer.portVersion < PORT_VERSION) {
      channel.postMessage({ resign: answer.leader } satisfies CallToResign);
      return;
    }
    rest();
    if (answer.leader === leader) return;
    leave();
    leader = answer.leader;
    onLeader(connect);
  }

  channel.addEventListener("message", hear);
  ask();
  return () => {
    stopped = true;
    rest();
    channel.removeEventListener("message", hear);
    leave();
  };
}
