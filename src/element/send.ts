/** Sends what the guest wrote or chose; a conversation that waits for the first message begins with it. */
import type { Command } from "../chat/command.ts";
import type { SessionController } from "./session-controller.ts";

/** Rejects with a ChatError. */
export type Send = (command: Command) => Promise<unknown>;

export const createSend =
  (session: SessionController, waits: () => boolean): Send =>
  (command) => {
    if (waits() && session.state.phase === "idle" && session.start()) session.ask({ type: "open" });
    return session.dispatch(command);
  };
