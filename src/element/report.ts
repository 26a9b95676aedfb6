/** Tells the site owner, in the console, of each error code once: what happened and what can be done. */
import type { ChatError } from "../chat/error.ts";

/** `stops`: the chat cannot go on by itself. Anything else, as a reconnect, only warns. */
export function createReport(): (error: ChatError, stops: boolean) => Promise<void> {
  const told = new Set<string>();
  return async (error, stops) => {
    const key = `${error.code} ${stops}`;
    if (told.has(key)) return;
    told.add(key);
    console[stops ? "error" : "warn"](`[genesys-guest-chat] ${error.message}`, await error.explain());
  };
}
