/** Pages that wait in the back/forward cache: each one with the chat is kept there, and back from it knows what came meanwhile. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { at, eventually, type Guest, openChat, say, shown, useSite } from "../support/site.ts";

const FROM_ELSEWHERE = "/embed.html";
const PAGES = ["/guest-api.html", "/shop/backpacks.html", "/shop/lamps.html", "/shop/returns.html", FROM_ELSEWHERE];
/** Written by hand, so that no setting chooses its host. */
const BY_HAND = "/element.html";

type Walked = Window & { wasKept?: boolean };

describe("a page that one comes back to", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  /** Playwright's own goBack waits for a load that a page from the back/forward cache does not have. */
  async function goBack(page: Page, path: string): Promise<void> {
    // Not at once: what goes away with its page does not answer.
    await page.evaluate(() => void setTimeout(() => history.back()));
    await page.waitForURL((url) => url.pathname === path, { waitUntil: "commit" });
  }

  async function wasKept(page: Page): Promise<void> {
    const told = await eventually(async () => {
      const told = await page.evaluate(() => ({
        wasKept: (window as Walked).wasKept,
        why: (performance.getEntriesByType("navigation")[0] as { notRestoredReasons?: unknown } | undefined)
          ?.notRestoredReasons,
      }));
      assert.notEqual(told.wasKept, undefined);
      return told;
    });
    assert.deepEqual(told, { wasKept: true, why: null });
  }

  for (const host of ["auto", "tab", "page"]) {
    for (const path of host === "auto" ? [...PAGES, BY_HAND] : PAGES) {
      test(`with host="${host}", ${path} comes from the browser's memory, shows what was said meanwhile and goes on (row 56)`, async () => {
        guest = await site.newGuest();
        await guest.context.addInitScript((host) => {
          Object.assign(window, { genesysGuestChat: { settings: { host } } });
          addEventListener("pageshow", ({ persisted }) => Object.assign(window, { wasKept: persisted || undefined }));
        }, host);
        const name = path === FROM_ELSEWHERE ? at(site.demo.url, "shop") : site.demo.url;
        const page = await guest.visit(name + path);
        await openChat(page);
        await say(page, "hello");
        await shown(page, /^Hello! What can I do/);
        const { guestsCreated } = (await site.state()).totals;
        // Elsewhere the frames of /tabs.html are the shop's own pages, whose chat would begin a conversation of its own.
        await page.goto(path === FROM_ELSEWHERE ? `${name}/` : `${name}/tabs.html`);
        await site.control("agent", { do: "message", text: "Are you still there?" });
        await goBack(page, path);
        await wasKept(page);
        await shown(page, "Are you still there?");
        const text = `yes ${path} ${host}`;
        await say(page, text);
        await eventually(async () => {
          const { connections, totals, sessions } = await site.state();
          const mine = sessions.filter(({ messages }) => messages.some((message) => message.text === text));
          const arrived = mine.flatMap(({ messages }) => messages).filter((message) => message.text === text);
          // The browser of the guest before may be slow to go.
          const lines = connections.filter(({ session }) => session === mine[0]?.id);
          assert.deepEqual([arrived.length, lines.length], [1, 1]);
          assert.equal(totals.guestsCreated, guestsCreated);
        });
      });
    }
  }
});
