/** A talk that goes on and on: an agent who writes many messages, as fast as the server takes them. */
import type { Page } from "playwright-core";
import { type Site, shown } from "../support/site.ts";

/** A line of a chat: longer than "yes", shorter than a letter. */
const TEXT = "The strap on the left has come loose after two weeks, can it be mended or do I send it back?";
const AT_ONCE = 20;

export interface LongTalk {
  /** Resolves when there are so many in all, and the open tab shows the last. */
  goOnTo(messages: number): Promise<void>;
}

export function startLongTalk(site: Site, tab: Page): LongTalk {
  let said = 0;
  const say = () => {
    said += 1;
    return site.control("agent", { do: "message", text: `${said}. ${TEXT}` });
  };
  return {
    async goOnTo(messages) {
      while (said < messages - 1) {
        await Promise.all(Array.from({ length: Math.min(AT_ONCE, messages - 1 - said) }, say));
      }
      await say();
      await shown(tab, new RegExp(`^${messages}\\. `), 120_000);
    },
  };
}
