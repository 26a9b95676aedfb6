/** The knobs on /faults.html turned while a chat is running; and the pages beside the shop, as browsers see them. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

/** The guest's texts, as the transcript shows them. */
const count = (page: Page, text: string) => transcript(page).getByText(text, { exact: true }).count();

describe("the knobs", () => {
  const site = useSite();
  let guest: Guest;
  let tester: Guest;

  afterEach(async () => {
    await fetch(`${site.demo.url}/sandbox/faults`, { method: "DELETE" });
    await site.control("settings", { guestTokenSeconds: 3600, refuseSockets: false });
    await guest.context.close();
    await tester.context.close();
    assert.deepEqual(tester.complaints, []);
    assert.deepEqual(guest.exceptions, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  const begin = async () => {
    guest = await site.newGuest();
    tester = await site.newGuest();
    const [page, knobs] = [await guest.visit(), await tester.visit("/faults.html")];
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    return { page, knobs };
  };
  const ownTexts = async (text: string) => {
    const { sessions } = await site.state();
    return sessions.at(-1)?.messages.filter((message) => message.text === text).length;
  };

  test("an echo is lost: the text arrives once, and is shown once (row 3)", async () => {
    const { page, knobs } = await begin();
    const rule = knobs.getByRole("checkbox", { name: "An echo is lost" });
    await rule.check();
    await eventually(async () => assert.ok((await rules(site.demo.url)).length === 1));
    await say(page, "only once");
    await knobs.getByText("fired once, used up").waitFor();
    await shown(page, /^I am a small bot/);
    // The line lives on: only one that catches up anew can tell whether the text arrived.
    await transcript(page).getByText(/^Sent/).last().waitFor({ timeout: 30_000 });
    assert.equal(await ownTexts("only once"), 1);
    assert.equal(await count(page, "only once"), 1);
    assert.equal(await rule.isChecked(), false);
  });

  test("a message that is lost on a line that lives on is sent again, and arrives once (row 2)", async () => {
    const { page, knobs } = await begin();
    await knobs.getByRole("checkbox", { name: "A message never arrives" }).check();
    await eventually(async () => assert.ok((await rules(site.demo.url)).length === 1));
    await say(page, "swallowed");
    await eventually(async () => assert.equal(await ownTexts("swallowed"), 1), 40_000);
    assert.equal(await count(page, "swallowed"), 1);
  });

  test("a message that is lost with its line is sent again, and arrives once (row 1)", async () => {
    const { page, knobs } = await begin();
    await knobs.getByRole("checkbox", { name: "The line is cut in mid-send" }).check();
    await eventually(async () => assert.ok((await rules(site.demo.url)).length === 1));
    await say(page, "lost and found");
    await eventually(async () => assert.equal(await ownTexts("lost and found"), 1), 40_000);
    assert.equal(await count(page, "lost and found"), 1);
  });

  test("sockets are refused and cut; let in again, what was typed meanwhile arrives", async () => {
    const { page, knobs } = await begin();
    const refuse = knobs.getByRole("checkbox", { name: "Refuse all sockets" });
    await refuse.check();
    await knobs.getByRole("button", { name: "Cut the line" }).click();
    await knobs.getByText("1 socket was open").waitFor();
    await eventually(async () => assert.equal((await site.state()).connections.length, 0));
    await say(page, "in the dark");
    await refuse.uncheck();
    await eventually(async () => assert.equal(await ownTexts("in the dark"), 1), 40_000);
  });

  test("the line is closed with a code, and the log tells of it as it comes", async () => {
    const { page, knobs } = await begin();
    const crossing = knobs.getByRole("log", { name: "What crosses" });
    await knobs.getByRole("spinbutton", { name: "Close code" }).fill("4404");
    await knobs.getByRole("button", { name: "Close", exact: true }).click();
    await eventually(async () => {
      const { connections, totals } = await site.state();
      assert.ok(connections.length === 1 && totals.guestsCreated > 1);
    }, 20_000);
    await knobs.getByRole("button", { name: "Empty" }).click();
    await say(page, "lamps");
    await crossing
      .getByText(/"text":"lamps"/)
      .first()
      .waitFor();
    assert.doesNotMatch((await crossing.textContent()) ?? "", /eyJ/);
  });

  test("the life of a guest token is set, and a wrong one is refused with the reason", async () => {
    const { knobs } = await begin();
    const seconds = knobs.getByRole("spinbutton", { name: /Life of a guest token/ });
    await eventually(async () => assert.equal(await seconds.inputValue(), "3600"));
    await seconds.fill("20");
    await knobs.getByRole("button", { name: "Set", exact: true }).click();
    await eventually(async () => {
      const answer = await fetch(`${site.demo.url}/sandbox/settings`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      });
      assert.equal(((await answer.json()) as { guestTokenSeconds: number }).guestTokenSeconds, 20);
    });
  });

  test("a rule of one's own is set, listed and removed; a wrong one is refused with the reason", async () => {
    const { knobs } = await begin();
    const rule = knobs.getByRole("textbox", { name: "Rule, as JSON" });
    const set = knobs.getByRole("button", { name: "Set the rule" });
    await set.click();
    const remove = knobs.getByRole("button", { name: "Remove this rule" });
    await remove.click();
    await remove.waitFor({ state: "detached" });
    assert.deepEqual(await rules(site.demo.url), []);
    await rule.fill("{");
    await set.click();
    await knobs.getByText(/^The rule is not JSON/).waitFor();
    await rule.fill('{"match": {"kind": "smoke"}, "then": {"suppress": true}}');
    await set.click();
    await knobs.getByText(/match\.kind.*"smoke"/).waitFor();
    // The refused call itself, as Chromium tells it.
    tester.complaints.splice(0);
  });
});

async function rules(url: string): Promise<unknown[]> {
  return ((await (await fetch(`${url}/sandbox/faults`)).json()) as { faults: unknown[] }).faults;
}

describe("the pages beside the shop", () => {
  const site = useSite();

  for (const path of ["/agent/", "/faults.html", "/element.html", "/tabs.html"]) {
    for (const [width, height] of [
      [1280, 800],
      [390, 844],
      [320, 640],
    ] as const) {
      test(`${path} loads at ${width}×${height} without a complaint of the browser, and nothing sticks out`, async () => {
        const guest = await site.newGuest();
        const page = await guest.context.newPage();
        await page.setViewportSize({ width, height });
        const missing: string[] = [];
        const complaints: string[] = [];
        page.on("console", (message) => {
          if (["error", "warning"].includes(message.type())) complaints.push(message.text());
        });
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("response", (response) => {
          if (response.status() >= 400) missing.push(response.url());
        });
        await page.goto(site.demo.url + path, { waitUntil: "load" });
        await page
          .getByText(/Desk|Faults|In a page of one's own|3 pages/)
          .first()
          .waitFor();
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        await guest.context.close();
        assert.deepEqual([...complaints, ...missing], []);
        assert.deepEqual(site.demo.reports(), []);
      });
    }
  }

  test("/element.html: theme, parts and slots are the page's own, and the chat works", async () => {
    const guest = await site.newGuest();
    const page = await guest.visit("/element.html");
    await page.getByRole("button", { name: "Open the chat" }).click();
    await shown(page, /Welcome to Fernweh/);
    await page.locator("[slot=footer]").getByText("We keep what is said for 30 days.").waitFor();
    const radius = () =>
      page.getByRole("dialog", { name: "Chat" }).evaluate((panel) => getComputedStyle(panel).borderTopLeftRadius);
    assert.equal(await radius(), "14px");
    await page.getByRole("radio", { name: "Plum" }).check();
    await eventually(async () => assert.equal(await radius(), "28px"));
    assert.deepEqual(guest.complaints, []);
    await guest.context.close();
  });

  test("/tabs.html: three pages, one conversation, one WebSocket", async () => {
    await site.control("sockets/close", { code: 1000 });
    const guest = await site.newGuest();
    const page = await guest.visit("/tabs.html");
    // In a frame the launcher stands at the frame's lower edge, which must be in view.
    await page.getByTitle("Page 1").evaluate((frame) => frame.scrollIntoView({ block: "end" }));
    const frames = [1, 2, 3].map((number) => page.frameLocator(`[title="Page ${number}"]`));
    for (const frame of frames) await frame.getByRole("button", { name: "Open chat" }).click();
    const [first, ...others] = frames;
    if (!first) return assert.fail();
    const message = first.getByRole("textbox", { name: "Message" });
    await message.fill("maps");
    await message.press("Enter");
    for (const frame of others) await frame.getByText(/^We print maps/).waitFor();
    await page.getByText("3 pages · 1 WebSocket").waitFor();
    await page.getByRole("button", { name: "One page fewer" }).click();
    await page.getByText("2 pages · 1 WebSocket").waitFor();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
    await guest.context.close();
  });
});
