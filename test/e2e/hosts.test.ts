/** Hubs that die under their tabs, in a worker or in a tab: the next one comes up, and what was typed in the gap is sent once. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { freeze, openTabs, sayAcross } from "../support/hub-deaths.ts";
import { killWorkers } from "../support/kill-workers.ts";
import { eventually, type Guest, say, shown, useSite } from "../support/site.ts";

describe("a hub that dies", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  /** Tabs of a new guest. */
  async function visitTabs(count: number, host: "worker" | "tab"): Promise<Page[]> {
    guest = await site.newGuest();
    return openTabs(guest, count, host);
  }

  test("the worker is killed again and again: its tabs bring up one new one each time (row 53)", async () => {
    const tabs = await visitTabs(3, "worker");
    for (let turn = 0; turn < 5; turn += 1) {
      await sayAcross(site, { kill: () => killWorkers(site.browser), survivors: tabs });
    }
  });

  test("the tab that leads does not answer any more: another one takes its place, and it steps down when it can (row 55)", async () => {
    const [leader, other] = (await visitTabs(2, "tab")) as [Page, Page];
    let thaw = async () => {};
    const kill = async () => {
      thaw = await freeze(leader);
    };
    // Its socket stays open until it thaws, and what the server sends it is heard by nobody.
    const { text } = await sayAcross(site, { kill, survivors: [other], left: 1 });
    await thaw();
    await shown(leader, text);
    await eventually(async () => assert.equal((await site.state()).connections.length, 1));
    await say(leader, "thanks");
    await shown(other, /^You are welcome/);
    const { sessions } = await site.state();
    const texts = sessions.flatMap(({ messages }) => messages).map((message) => message.text);
    assert.equal(texts.filter((each) => each === text).length, 1);
  });

  for (const host of ["worker", "tab"] as const) {
    test(`with the ${host} host, a page that one goes back to sees what was said meanwhile`, async () => {
      const [first, other] = (await visitTabs(2, host)) as [Page, Page];
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
});
