/** Hubs that die under their tabs: the next one comes up within a second, and what was typed in the gap is sent once. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

/** From a hub's death until its tabs are live again. On this loopback it takes a fraction; a machine that is busy is not at fault. */
const LIMIT_MS = 3_000;

describe("a hub that dies", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  /** Tabs of one guest with the chat open, and what one of them says heard by all. */
  async function openTabs(count: number, query = ""): Promise<Page[]> {
    guest = await site.newGuest();
    const tabs: Page[] = [];
    for (let index = 0; index < count; index += 1) {
      const tab = await guest.visit(`/guest-api.html${query}`);
      await openChat(tab);
      await shown(tab, /Welcome to Fernweh/);
      tabs.push(tab);
    }
    return tabs;
  }

  /** Says something in the gap that `kill` leaves, and waits until it has come up, in one copy, and down to all tabs. */
  async function sayAcross(kill: () => Promise<unknown>, what: string, survivors: Page[]): Promise<void> {
    const [first] = survivors as [Page];
    const { totals } = await site.state();
    const text = `in the gap ${Math.random()}`;
    const killed = performance.now();
    await Promise.all([kill(), say(first, text)]);
    await eventually(async () => {
      const { connections, totals: now } = await site.state();
      assert.equal(connections.length, 1);
      assert.ok(now.connectionsOpened > totals.connectionsOpened);
    });
    const live = performance.now() - killed;
    console.log(`  ${what}: ${live.toFixed(0)} ms until a new hub was connected`);
    for (const tab of survivors) {
      await shown(tab, text);
      await eventually(async () => assert.equal(await transcript(tab).getByText(text).count(), 1));
    }
    await transcript(first).getByText(/^Sent/).last().waitFor();
    const { sessions, connections } = await site.state();
    assert.equal(connections.length, 1);
    assert.equal(sessions.flatMap(({ messages }) => messages).filter((message) => message.text === text).length, 1);
    assert.ok(live < LIMIT_MS, `${live} ms`);
  }

  const closeWorkers = async () => {
    const devtools = await site.browser.newBrowserCDPSession();
    const { targetInfos } = await devtools.send("Target.getTargets");
    const workers = targetInfos.filter(({ type }) => type === "shared_worker");
    assert.ok(workers.length > 0);
    for (const { targetId } of workers) await devtools.send("Target.closeTarget", { targetId });
    await devtools.detach();
  };

  test("the worker is killed again and again: its tabs bring up one new one each time", async () => {
    const tabs = await openTabs(3);
    for (let turn = 0; turn < 5; turn += 1) await sayAcross(closeWorkers, "worker killed", tabs);
  });

  test("the tab that the worker ran with crashes: the others bring up a new one", async () => {
    const [host, ...others] = (await openTabs(3)) as [Page, ...Page[]];
    await sayAcross(() => crash(host), "tab with the worker crashed", others);
  });

  async function crash(page: Page): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    // It never answers.
    void devtools.send("Page.crash").catch(() => {});
    await page.waitForEvent("crash");
  }
});
