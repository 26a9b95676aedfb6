/** The network and the page as Chromium has them: offline and online again, a word that is wrong, a page that is stuck. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

describe("a browser", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.exceptions, []);
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  async function newGuest(host: string): Promise<void> {
    guest = await site.newGuest();
    await guest.context.addInitScript((settings) => Object.assign(window, { genesysGuestChat: { settings } }), {
      host,
    });
  }
  async function open(): Promise<Page> {
    const page = await guest.visit();
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    return page;
  }
  const ownTexts = async () => {
    const { sessions } = await site.state();
    return (sessions.at(-1)?.messages ?? []).flatMap(({ from, text }) => (from === "guest" ? [text] : []));
  };

  for (const host of ["worker", "page"]) {
    test(`that goes offline and online again and again, with the ${host} host: no second connection, no storm, and the text arrives once (row 23)`, async () => {
      await newGuest(host);
      const page = await open();
      const { totals } = await site.state();
      let most = 0;
      for (let n = 0; n < 40; n += 1) {
        await guest.context.setOffline(n % 2 === 0);
        if (n === 20) await say(page, "in the midst of it");
        most = Math.max(most, (await site.state()).connections.length);
      }
      await eventually(async () => assert.deepEqual(await ownTexts(), ["in the midst of it"]), 40_000);
      await transcript(page).getByText(/^Sent/).last().waitFor();
      assert.ok(most <= 1, `${most} connections at once`);
      assert.ok((await site.state()).totals.connectionsOpened - totals.connectionsOpened <= 21);
      assert.equal(await transcript(page).getByText("in the midst of it", { exact: true }).count(), 1);
    });
  }

  for (const host of ["worker", "page"]) {
    test(`that says it is offline where it is not, with the ${host} host: the chat connects all the same (row 24)`, async () => {
      await newGuest(host);
      await guest.context.addInitScript(() =>
        Object.defineProperty(Navigator.prototype, "onLine", { configurable: true, get: () => false }),
      );
      const page = await open();
      assert.equal(await page.evaluate(() => navigator.onLine), false);
      await say(page, "am I?");
      await eventually(async () => assert.deepEqual(await ownTexts(), ["am I?"]));
    });
  }

  test("whose page is stuck for five seconds: what was said meanwhile is there, on the same connection (row 84)", async () => {
    await newGuest("worker");
    const page = await open();
    const { totals } = await site.state();
    await say(page, "wait");
    await eventually(async () => assert.deepEqual(await ownTexts(), ["wait"]));
    const stuck = page.evaluate(() => {
      const end = performance.now() + 5_000;
      while (performance.now() < end);
    });
    const said = ["one", "two", "three"];
    for (const text of said) await site.control("agent", { do: "message", text: `meanwhile ${text}` });
    await stuck;
    for (const text of said) await shown(page, `meanwhile ${text}`);
    await say(page, "thanks");
    await eventually(async () => assert.deepEqual(await ownTexts(), ["wait", "thanks"]));
    const { totals: after, connections } = await site.state();
    assert.equal(after.connectionsOpened, totals.connectionsOpened);
    assert.equal(connections.length, 1);
  });
});
