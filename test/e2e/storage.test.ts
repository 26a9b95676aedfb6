/** What the browser keeps, taken away: before a guest comes back, and under a conversation that goes on. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { killWorkers } from "../support/kill-workers.ts";
import { leavings } from "../support/leavings.ts";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

describe("storage that goes", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await site.control("settings", { refuseSockets: false });
    await guest.context.close();
    // A socket that is refused is told by the browser itself.
    assert.deepEqual(
      guest.complaints.filter((line) => !/WebSocket.*503/.test(line)),
      [],
    );
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  /** Contexts are private windows: nothing of theirs is ever on a disk. */
  async function talk(host: string): Promise<Page> {
    guest = await site.newGuest();
    await guest.context.addInitScript((settings) => Object.assign(window, { genesysGuestChat: { settings } }), {
      host,
    });
    const page = await guest.visit();
    await openChat(page);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    return page;
  }

  /** As the browser does it when a guest clears the site's data, or it needs room. */
  async function clear(page: Page, storageTypes: string): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Storage.clearDataForOrigin", { origin: site.demo.url, storageTypes });
    await devtools.detach();
  }

  /** By the page's own script; resolves when nobody holds them any more. */
  const deleteDatabases = (page: Page) =>
    page.evaluate(async () => {
      for (const { name = "" } of await indexedDB.databases())
        await new Promise<void>((resolve, reject) => {
          const deleting = indexedDB.deleteDatabase(name);
          deleting.onsuccess = () => resolve();
          deleting.onerror = () => reject(deleting.error);
        });
    });

  const guests = async () => (await site.state()).totals.guestsCreated;
  /** Ids of what Genesys has heard; a renewed guest has the same conversation, with the same messages. */
  const heard = async (text: string) => {
    const messages = (await site.state()).sessions.flatMap((session) => session.messages);
    return new Set(messages.flatMap((message) => (message.text === text ? [message.id] : []))).size;
  };

  for (const [what, types] of [
    ["all that was kept", "all"],
    ["the database alone, with the mark of an open conversation left", "indexeddb"],
  ] as const) {
    test(`the browser has thrown away ${what} between two visits: a new conversation, and no error (row 49)`, async () => {
      const page = await talk("worker");
      const before = await guests();
      await page.goto("about:blank");
      await killWorkers(site.browser);
      await clear(page, types);
      const later = await guest.visit();
      await openChat(later);
      await shown(later, /Welcome to Fernweh/);
      assert.equal(await transcript(later).getByText("hello", { exact: true }).count(), 0);
      await say(later, "lamps");
      await shown(later, /^The Polaris lamp/);
      assert.equal(await guests(), before + 1);
    });
  }

  for (const host of ["worker", "tab", "page"]) {
    for (const [what, take] of [
      ["the guest clears the site's data", (page: Page) => clear(page, "all")],
      ["a script of the page deletes all databases", deleteDatabases],
    ] as const) {
      test(`with the ${host} host, ${what} during a chat: it goes on, and a reload finds the transcript (row 50)`, async () => {
        const page = await talk(host);
        const [early, late] = [`typed before ${Math.random()}`, `typed after ${Math.random()}`] as const;
        // Not sent yet: it is nowhere but in the session and on the disk.
        await site.control("settings", { refuseSockets: true });
        await site.control("sockets/close", { abnormal: true });
        await say(page, early);
        await transcript(page).getByText("Sending").waitFor();
        await take(page);
        await say(page, late);
        await shown(page, late);
        await eventually(async () => {
          const { databases } = await leavings(site.browser, page);
          assert.ok(
            Object.values(databases).some((records) => records > 5),
            JSON.stringify(databases),
          );
        });
        // With the hub goes its memory: what comes now comes from the disk.
        if (host === "worker") await killWorkers(site.browser);
        await page.reload();
        await openIfClosed(page);
        for (const text of ["hello", early, late]) await shown(page, text);
        await site.control("settings", { refuseSockets: false });
        for (const text of [early, late]) {
          await eventually(async () => assert.equal(await heard(text), 1), 40_000);
          await eventually(async () => assert.equal(await transcript(page).getByText(text).count(), 1));
        }
        assert.equal(await page.getByText(/blocks storage/).count(), 0);
      });
    }
  }

  /** The tab remembers that it was open, unless that was cleared, too. */
  async function openIfClosed(page: Page): Promise<void> {
    // Not by what is to be seen: until the element is there, the tag shows a launcher in any case.
    const opensItself = await page.evaluate(() => Boolean(sessionStorage.getItem("genesys-guest-chat:open")));
    if (opensItself) await page.getByRole("textbox", { name: "Message" }).waitFor();
    else await openChat(page);
  }
});
