/** Typed: what the guest has written in a story, and what may have become of it. */
import type { ChatErrorCode } from "../../src/chat/error.ts";

export interface Typed {
  tab: string;
  text: string;
  /** It lay nowhere but in a hub that had no disk, and that hub is gone; or the guest has taken it away. */
  loose: boolean;
  /** Of the conversation that it was typed in. */
  epoch: string;
  /** It may fail for that reason. */
  mayFail?: ChatErrorCode;
  /** The guest has sent it once more; or a hub that stood still has taken it too, and put it on disk with its own time. */
  late: boolean;
  /**
   * Two may arrive: the guest has sent it once more, after he was told that it may have arrived; or the hub that stood still
   * has put it on disk as not sent yet, where only one copy may be sent.
   */
  resent: boolean;
}

/** All with the same words, which nobody can tell apart. */
export function byText(typed: readonly Typed[]): Map<string, Typed[]> {
  const groups = new Map<string, Typed[]>();
  for (const each of typed) groups.set(each.text, [...(groups.get(each.text) ?? []), each]);
  return groups;
}
