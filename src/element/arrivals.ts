/** Arrivals: which messages are new to this tab, as against restored ones and earlier ones. */
import type { Message } from "../chat/message.ts";
import type { Phase } from "../chat/state.ts";

/** Takes every list in turn; gives what has arrived since the last, oldest first. */
export function createArrivals(): (messages: readonly Message[], phase: Phase) => Message[] {
  const known = new Set<string>();
  let newest: Message | undefined;
  let caughtUp = false;
  return (messages, phase) => {
    const after = newest;
    const arrived = messages.filter((message) => {
      if (known.has(message.id)) return false;
      known.add(message.id);
      // Until the first time live, what comes is what was before; own texts on their way are always new.
      if (message.delivery === "sending") return true;
      // Not by the whole order: of two in the same millisecond the second may well stand above.
      return caughtUp && (!after || message.sentAt >= after.sentAt);
    });
    newest = messages.findLast((message) => message.delivery !== "sending");
    caughtUp ||= phase === "live";
    return arrived;
  };
}
