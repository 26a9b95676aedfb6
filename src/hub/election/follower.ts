/** A follower: a tab that finds the one that leads, holds a line to it, and tells when it does not answer. */
import type { Clock } from "../../session/platform.ts";
import { randomId, systemClock } from "../../session/system.ts";
import { hasShape, isOneOf, isText } from "../../shape.ts";
import type { TabPort, Update, Upward } from "../port.ts";
import { createExchange } from "./channel-port.ts";

/** To all: who leads? A leader that runs answers; also a heartbeat's question. */
const QUESTION = { ask: "leader" };
export const isQuestion = hasShape({ ask: isOneOf(QUESTION.ask) });

/** To all: who leads. The answer, and what a new leader says unasked. */
export interface Answer {
  leader: string;
}
const isAnswer = hasShape({ leader: isText });

/** Silent for this long is frozen, or stuck. Two questions: after a sleep of the machine the first answer may be late. */
const BEAT_MS = 2_500;
const BEATS = 2;

export interface FollowerOptions {
  /** Called with a port to each leader in turn. */
  onPort(port: TabPort): void;
  /** The leader has not answered for 5 s. */
  onSilence(): void;
  clock?: Clock;
}

/** Asks who leads, and again whenever something is posted; returns the way to stop, which closes the port. */
export function follow(channel: BroadcastChannel, options: FollowerOptions): () => void {
  const { onPort, onSilence, clock = systemClock } = options;
  const exchange = createExchange(channel, randomId());
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

  function hear({ data }: MessageEvent): void {
    if (!isAnswer(data)) return;
    rest();
    const answer = data as Answer;
    if (answer.leader === leader) return;
    leader = answer.leader;
    const port = exchange.connect<Upward, Update>(leader);
    onPort({
      ...port,
      post(message) {
        port.post(message);
        if (asked === 0 && !stopped) ask();
      },
    });
  }

  channel.addEventListener("message", hear);
  ask();
  return () => {
    stopped = true;
    rest();
    channel.removeEventListener("message", hear);
    exchange.close();
  };
}
