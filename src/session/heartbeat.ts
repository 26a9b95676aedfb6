/** Heartbeat: silence is a close. Probes a quiet link and reports one that does not answer. */
import type { Clock } from "./platform.ts";

const QUIET_MS = 30_000;
const ANSWER_MS = 10_000;

export interface Heartbeat {
  /** A frame has arrived. */
  heard(): void;
  /** Asks at once: after a wake. */
  check(): void;
  stop(): void;
}

export function startHeartbeat(clock: Clock, probe: () => void, dead: () => void): Heartbeat {
  let cancel = () => {};
  let asked = false;

  const ask = () => {
    if (asked) return;
    asked = true;
    cancel();
    cancel = clock.after(ANSWER_MS, dead);
    probe();
  };
  const heard = () => {
    asked = false;
    cancel();
    cancel = clock.after(QUIET_MS, ask);
  };
  heard();
  return { heard, check: ask, stop: () => cancel() };
}
