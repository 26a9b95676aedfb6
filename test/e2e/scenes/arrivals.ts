/** What arrives at the sandbox, and over how many connections. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Tab } from "../../support/engines/browser.ts";
import { count, shown } from "../../support/engines/words.ts";
import { type DemoSite, eventually } from "../../support/site.ts";

/** So far. */
export const opened = async (site: DemoSite): Promise<number> => (await site.state()).totals.connectionsOpened;

/** A text that the bot takes for `text`, and that nobody has said before: the sandbox remembers all guests. */
export const unique = (text: string): string => `${text} ${randomUUID().slice(0, 8)}`;

/** How often the server has it. A session that goes on with another's conversation has the same messages. */
export async function copies(site: DemoSite, text: string): Promise<number> {
  const { sessions } = await site.state();
  const said = sessions.flatMap(({ messages }) => messages).filter((message) => message.text === text);
  return new Set(said.map(({ id }) => id)).size;
}

/** Waits until every one of the tabs shows the `unique` text once, and its newest one as sent; the server has it once, too. */
export async function arrivedOnce(site: DemoSite, text: string, tabs: Tab[]): Promise<void> {
  for (const tab of tabs) {
    await shown(tab, /^Sent/);
    // A second bubble may be on the screen until the first is acknowledged.
    await eventually(async () => assert.equal(await count(tab, text), 1));
  }
  assert.equal(await copies(site, text), 1);
}
