/** Seldom: what few guests ask of a session: files, signing in. A chunk of its own, fetched with the first such command. */
import { Failure } from "../../chat/failure.ts";
import type { Asked } from "../asked.ts";
import type { Extended } from "../protocol.ts";
import { isSeldomCommand } from "./check-seldom.ts";
import { clearOver } from "./clear.ts";
import { attach, detach, refreshLink, sendFile } from "./files.ts";
import type { Inside } from "./inside.ts";
import { keepUploads } from "./keep-uploads.ts";
import { type Exchange, signIn, signOut } from "./sign-in.ts";

/** What the events of files change; nobody but these parts emits any. */
export { reduceFiles } from "../../chat/files/reduce-files.ts";

export interface Seldom {
  /** Rejects with a Failure; what is no command of these, or not a well-formed one, is CHAT_UNSUPPORTED. */
  dispatch(asked: Asked): Promise<unknown>;
  /** An event has changed the chat. */
  observe(): void;
  stop(): void;
}

export function createSeldom(session: Extended, exchange: Exchange): Seldom {
  const listeners = new Set<() => void>();
  const life = new AbortController();
  const inside: Inside = {
    ...session,
    lifetime: life.signal,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  inside.watch(keepUploads(session));
  // Up when the hub before had to leave, and not yet on its way into a message.
  for (const { id, wanted } of session.chat.state.uploads ?? []) {
    if (wanted === undefined) continue;
    if (session.chat.messages.has(wanted)) session.emit({ type: "detached", upload: id });
    else void sendFile(wanted, { type: "send", text: "", attachment: id }, session.platform.clock.now(), inside);
  }

  return {
    observe() {
      for (const listener of listeners) listener();
    },
    stop: () => life.abort(),
    async dispatch({ id, command, at }) {
      if (!isSeldomCommand(command)) throw new Failure("CHAT_UNSUPPORTED");
      switch (command.type) {
        case "send":
          return sendFile(id, command, at, inside);
        case "attach":
          return attach(id, command.file, inside);
        case "detach":
          return detach(command.upload, inside);
        case "refresh-link":
          return refreshLink(command.attachment, inside);
        case "clear":
          return clearOver(inside);
        case "sign-in":
          return signIn(command.signIn, inside, exchange);
        case "sign-out":
          return signOut(inside, exchange);
      }
    },
  };
}
