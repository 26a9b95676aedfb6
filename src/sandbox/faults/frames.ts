/** Fault rules on a socket: what becomes of one frame for which a rule has fired. */
import type { SandboxClock } from "../options.ts";
import type { Fired } from "./faults.ts";

/** RFC 6455, section 7.1.5: what an end sees that got no closing frame; nobody can send it. */
const ABNORMAL = 1006;

/** What can be done with the frame, and with the socket it is on. */
export interface FrameFate {
  isOpen(): boolean;
  /** Lets the frame, or what replaces it, go its way. */
  pass(text: string): void;
  /** The frame is gone. */
  lose(): void;
  /** Sends a frame to the guest, past all rules. */
  inject(text: string): void;
  close(code: number, reason: string): void;
  /** Ends the socket without a closing frame. */
  cut(): void;
}

const toText = (frame: unknown): string => (typeof frame === "string" ? frame : JSON.stringify(frame));

/** A delayed frame is overtaken by those behind it; one whose socket has closed meanwhile is gone. */
export function actOnFrame(text: string, fired: Fired, fate: FrameFate, clock: SandboxClock): void {
  const { delayMs = 0, closeCode, suppress, replace, inject } = fired;
  const act = () => {
    if (!fate.isOpen()) return;
    if (suppress || closeCode !== undefined) fate.lose();
    else fate.pass(replace === undefined ? text : toText(replace));
    if (inject !== undefined) fate.inject(toText(inject));
    if (closeCode === ABNORMAL) fate.cut();
    else if (closeCode !== undefined) fate.close(closeCode, "Closed by a fault rule");
  };
  if (delayMs > 0) clock.after(delayMs, act);
  else act();
}
