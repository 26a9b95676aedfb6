/** What was said before this browser knew of it: page by page from Genesys' history, and the reader's place is kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { killWorkers } from "../../support/kill-workers.ts";
import { eventually, say, shown, transcript } from "../../support/site.ts";
import { useShop } from "./shop.ts";

/** Runs in a page: the session is kept, and none of its messages. */
async function loseTranscript(): Promise<number> {
  let lost = 0;
  for (const { name = "" } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const writing = database.transaction("messages", "readwrite");
    const count = writing.objectStore("messages").count();
    count.onsuccess = () => {
      lost += count.result;
    };
    writing.objectStore("messages").clear();
    await new Promise((resolve) => {
      writing.oncomplete = resolve;
    });
    database.close();
  }
  return lost;
}

describe("a guest of a long conversation", () => {
  const { site, enter, openTab } = useShop();
  const earlier = (page: Page): Locator => page.getByRole("button", { name: "Show earlier messages" });
  const numbers = (page: Page): Promise<number[]> =>
    transcript(page)
      .getByText(/^Message \d+ of 200$/)
      .allTextContents()
      .then((texts) => texts.map((text) => Number(text.split(" ")[1])));
  const topOf = async (message: Locator): Promise<number> => (await message.boundingBox())?.y ?? Number.NaN;

  /** No two in the same millisecond: their order would be anybody's. */
  async function tellStory(): Promise<void> {
    for (let n = 1; n <= 200; n += 1) {
      const last = Date.now();
      await eventually(() => assert.ok(Date.now() > last));
      await site.control("agent", { do: "message", text: `Message ${n} of 200` });
    }
  }

  /** As one does who reads upward, until the way further up is in sight. */
  async function toTop(page: Page): Promise<void> {
    await transcript(page).focus();
    await eventually(async () => {
      await page.keyboard.press("Home");
      assert.ok(await earlier(page).isVisible());
      assert.ok(await transcript(page).evaluate((log) => log.scrollTop === 0));
    });
  }

  test("reads 200 messages page by page, each once and in order, and what he reads stays where it is", async () => {
    const { guest, page } = await enter();
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await tellStory();
    await shown(page, "Message 200 of 200", 30_000);
    await page.goto(new URL("/agent/", site.demo.url).href);
    await killWorkers(site.browser);
    assert.ok((await page.evaluate(loseTranscript)) > 200);
    await page.close();

    const tab = await openTab(guest);
    await shown(tab, "Message 200 of 200");
    const seen: number[] = [];
    while ((await numbers(tab))[0] !== 1) {
      await toTop(tab);
      const [first = 0] = await numbers(tab);
      seen.push(first);
      const place = transcript(tab).getByText(`Message ${first} of 200`, { exact: true });
      const before = await topOf(place);
      await earlier(tab).click();
      await eventually(async () => assert.ok(((await numbers(tab))[0] ?? first) < first, "older ones are there"));
      await eventually(async () => {
        const now = await topOf(place);
        assert.ok(Math.abs(now - before) <= 2, `Message ${first} was at ${before}, and is at ${now}`);
      });
    }
    assert.ok(seen.length >= 6, `${seen.length} pages`);
    // All of them, however many of them are in the page at one time.
    await toBeginning(tab);
    const pages = (await site.log()).filter(({ path }) => String(path).includes("/webmessaging/messages"));
    assert.ok(pages.length <= 10, `${pages.length} pages asked for`);
  });

  /** The way further up is gone at the beginning, where the guest's own words are. */
  async function toBeginning(page: Page): Promise<void> {
    await eventually(async () => {
      await transcript(page).focus();
      await page.keyboard.press("Home");
      if (await earlier(page).isVisible()) await earlier(page).click();
      assert.ok(await transcript(page).getByText("hello", { exact: true }).isVisible());
    });
    const all = await numbers(page);
    assert.deepEqual(
      all,
      Array.from({ length: 200 }, (_, n) => n + 1),
    );
  }
});
