/** A guest who restores fifty tabs at once: they have one connection, and a text costs each of them what it costs one. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { countPorts, portCount } from "../support/ports.ts";
import { type Guest, say, shown, useSite } from "../support/site.ts";

const TABS = 50;
/** Both ways over one port, for a text and its answer and a few questions of this test: however many tabs there are. */
const MOST = 20;

/** What has crossed each tab's port once all is quiet: whoever is answered a second time has heard what the first round made the hub tell. */
async function crossed(tabs: readonly Page[]): Promise<number[]> {
  const ask = (tab: Page) => tab.evaluate(() => document.querySelector("genesys-guest-chat")?.getMetrics());
  for (let round = 0; round < 2; round += 1) await Promise.all(tabs.map(ask));
  return (await Promise.all(tabs.map(portCount))).map(({ up, down }) => up + down);
}

describe("fifty tabs", () => {
  const site = useSite();
  let guest: Guest;

  after(async () => {
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  test("opened at once they share one connection, and a text said in one reaches all without any telling all the others (row 57)", async () => {
    guest = await site.newGuest();
    await guest.context.addInitScript(() => Object.assign(window, { genesysGuestChat: { settings: { open: true } } }));
    await countPorts(guest.context);
    const { totals } = await site.state();
    const tabs = await Promise.all(Array.from({ length: TABS }, () => guest.visit()));
    await Promise.all(tabs.map((tab) => shown(tab, /Welcome to Fernweh/, 60_000)));

    const [first] = tabs as [Page];
    const before = await crossed(tabs);
    await say(first, "thanks");
    await Promise.all(tabs.map((tab) => shown(tab, "thanks", 30_000)));
    await Promise.all(tabs.map((tab) => shown(tab, /^You are welcome/, 30_000)));
    const each = (await crossed(tabs)).map((count, index) => count - (before[index] as number));
    assert.ok(Math.max(...each) <= MOST, `${Math.max(...each)} crossed one port`);

    const { connections, sessions, totals: now } = await site.state();
    assert.equal(connections.length, 1);
    assert.equal(now.connectionsOpened - totals.connectionsOpened, 1);
    assert.equal(now.guestsCreated - totals.guestsCreated, 1);
    const texts = sessions.flatMap(({ messages }) => messages).map(({ text }) => text);
    assert.equal(texts.filter((text) => text === "thanks").length, 1);
  });
});
