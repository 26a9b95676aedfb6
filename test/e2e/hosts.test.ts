/** Hubs that die under their tabs, in a worker or in a tab: the next one comes up, and what was typed in the gap is sent once. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { killWorkers } from "../support/kill-workers.ts";
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
  async function openTabs(count: number, host: "worker" | "tab"): Promise<Page[]> {
    guest = await site.newGuest();
    await guest.context.addInitScript((settings) => Object.assign(window, { genesysGuestChat: { settings } }), {
      host,
    });
    const tabs: Page[] = [];
    for (let index = 0; index < count; index += 1) {
      const tab = await guest.visit();
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

  const closeWorkers = () => killWorkers(site.browser);

  test("the worker is killed again and again: its tabs bring up one new one each time", async () => {
    const tabs = await openTabs(3, "worker");
    for (let turn = 0; turn < 5; turn += 1) await sayAcross(closeWorkers, "worker killed", tabs);
  });

  test("the tab that leads does not answer any more: another one takes its place, and it steps down when it can", async () => {
    const [leader, other] = (await openTabs(2, "tab")) as [Page, Page];
    const thaw = await freeze(leader);
    // Its socket stays open until it thaws, and what the server sends it is heard by nobody.
    await say(other, "anybody there?");
    const asked = performance.now();
    await eventually(async () => assert.equal((await site.state()).connections.length, 2), 15_000);
    const live = performance.now() - asked;
    console.log(`  leader frozen: ${live.toFixed(0)} ms until another one was connected`);
    await transcript(other).getByText(/^Sent/).last().waitFor();
    await thaw();
    await shown(leader, "anybody there?");
    await eventually(async () => assert.equal((await site.state()).connections.length, 1));
    await say(leader, "thanks");
    await shown(other, /^You are welcome/);
    const { sessions } = await site.state();
    const texts = sessions.flatMap(({ messages }) => messages).map(({ text }) => text);
    assert.equal(texts.filter((text) => text === "anybody there?").length, 1);
  });

  for (const host of ["worker", "tab"] as const) {
    test(`with the ${host} host, a page that one goes back to sees what was said meanwhile`, async () => {
      const [first, other] = (await openTabs(2, host)) as [Page, Page];
      await first.evaluate(() => Object.assign(window, { kept: true }));
      await first.goto(`${site.demo.url}/shop/lamps.html`);
      await say(other, "lamps");
      await shown(other, /^The Polaris lamp/);
      // Playwright's own goBack waits for a load that a page from the back/forward cache does not have.
      // Not at once: what goes away with its page does not answer.
      await first.evaluate(() => void setTimeout(() => history.back()));
      await first.waitForURL(/guest-api/, { waitUntil: "commit" });
      await shown(first, /^The Polaris lamp/);
      // A tab that leads has a socket and a database, at whose closing the browser may be too late to keep the page.
      if (host === "worker") assert.ok(await first.evaluate(() => "kept" in window), "the browser has kept the page");
      await say(first, "thanks");
      await shown(other, /^You are welcome/);
      assert.equal((await site.state()).connections.length, 1);
    });
  }

  /** Nothing of the page runs any more, as in a tab that the system has stopped. Gives the way back. */
  async function freeze(page: Page): Promise<() => Promise<void>> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Debugger.enable");
    await devtools.send("Debugger.pause");
    return async () => {
      await devtools.send("Debugger.disable");
      await devtools.detach();
    };
  }
});
