/** The guest's machine: its clocks, which may be wrong, jump and stand still, and its sleep, in which no timer fires. */
import type { Clock } from "../../src/session/platform.ts";
import { toWait, type VirtualTime } from "./time.ts";

export interface Device {
  clock: Clock;
  readonly asleep: boolean;
  /** The wall clock is set to be this much later, or earlier. */
  jump(ms: number): void;
  /** Until the returned function is called: `counted` says whether the clock that never goes back has counted the sleep. */
  sleep(): (counted: boolean) => void;
  /** At once, or when the machine has woken. */
  whenAwake(act: () => void): void;
  wait(ms: number): Promise<void>;
}

interface Pending {
  at: number;
  callback: () => void;
  cancel: () => void;
}

/** `wrong`: how far the wall clock is from the servers' at the start, in ms. */
export function createDevice({ clock: world }: VirtualTime, wrong: number): Device {
  let offset = wrong;
  let uncounted = 0;
  let asleep = false;
  let late: (() => void)[] = [];
  const timers = new Set<Pending>();

  function arm(timer: Pending) {
    if (asleep) return;
    timer.cancel = world.after(timer.at - world.monotonic(), () => {
      timers.delete(timer);
      timer.callback();
    });
  }

  const clock: Clock = {
    now: () => world.now() + offset,
    monotonic: () => world.monotonic() - uncounted,
    after(ms, callback) {
      const timer = { at: world.monotonic() + toWait(ms), callback, cancel: () => {} };
      timers.add(timer);
      arm(timer);
      return () => {
        timers.delete(timer);
        timer.cancel();
      };
    },
  };

  return {
    clock,
    get asleep() {
      return asleep;
    },
    jump(ms) {
      offset += ms;
    },
    sleep() {
      asleep = true;
      const since = world.monotonic();
      for (const { cancel } of timers) cancel();
      return (counted) => {
        const slept = world.monotonic() - since;
        asleep = false;
        if (!counted) uncounted += slept;
        for (const timer of timers) {
          if (!counted) timer.at += slept;
          arm(timer);
        }
        const acts = late;
        late = [];
        for (const act of acts) act();
      };
    },
    whenAwake(act) {
      if (asleep) late.push(act);
      else act();
    },
    wait: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
  };
}
