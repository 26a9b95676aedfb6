/** In which order messages leave a connection: as they were made, or mixed, as the platform is allowed to. */
import type { SandboxClock } from "../options.ts";
import type { Frame } from "./frames.ts";

export interface Order {
  send(frame: Frame): void;
  /** Nothing more is sent. */
  stop(): void;
}

/** A message that nothing comes after goes out by itself. */
const HELD_MS = 250;

const isMessage = ({ class: name, type, body }: Frame): boolean =>
  name === "StructuredMessage" && type === "message" && (body as { type?: string }).type !== "Event";

/** `mixed`: of two messages, the second overtakes the first; always, so that tests can rely on it. */
export function createOrder(order: "kept" | "mixed", clock: SandboxClock, write: (frame: Frame) => void): Order {
  let held: { frame: Frame; cancel: () => void } | undefined;
  const release = () => {
    const { frame, cancel } = held ?? {};
    held = undefined;
    cancel?.();
    if (frame) write(frame);
  };
  return {
    send(frame) {
      if (order === "kept" || !isMessage(frame)) return write(frame);
      if (!held) {
        held = { frame, cancel: clock.after(HELD_MS, release) };
        return;
      }
      write(frame);
      release();
    },
    stop() {
      held?.cancel();
      held = undefined;
    },
  };
}
