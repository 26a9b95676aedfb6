/** Using it: by keyboard alone, on a small phone, and whatever the page does around it. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

describe("using the chat", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.exceptions, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  test("by keyboard alone: open, write, send, close, and the focus is back where it was", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    const launcher = page.getByRole("button", { name: "Open chat" });
    await launcher.waitFor();
    await page.keyboard.press("Shift+Tab");
    // The element stands last in the page: from its end, the launcher is the first stop.
    for (let tries = 0; tries < 40 && !(await launcher.evaluate((button) => button.matches(":focus"))); tries += 1) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    const box = page.getByRole("textbox", { name: "Message" });
    await box.waitFor();
    await page.waitForFunction(
      () => document.activeElement?.shadowRoot?.activeElement?.getAttribute("aria-label") === "Message",
    );
    await page.keyboard.type("first line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    await shown(page, /first line\s+second line/);
    assert.equal(await box.inputValue(), "");
    await page.keyboard.press("Escape");
    await launcher.waitFor();
    assert.ok(await launcher.evaluate((button) => button.matches(":focus")));
  });

  test("on a phone of 320 px it fills the screen, and nothing sticks out", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await page.setViewportSize({ width: 320, height: 568 });
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    await say(page, `a${"a".repeat(120)}`);
    await shown(page, /^a+$/);
    const panel = await page.getByRole("dialog", { name: "Chat" }).boundingBox();
    assert.deepEqual(panel, { x: 0, y: 0, width: 320, height: 568 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
    assert.ok(await transcript(page).evaluate((log) => log.scrollWidth <= log.clientWidth));
    // Safari zooms into boxes with smaller letters.
    const size = await page
      .getByRole("textbox", { name: "Message" })
      .evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize));
    assert.ok(size >= 16);
  });

  test("the draft and the open panel survive a change of page", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await openChat(page);
    await page.getByRole("textbox", { name: "Message" }).fill("half a thought");
    await page.getByRole("navigation", { name: "Shop" }).getByRole("link", { name: "Lamps", exact: true }).click();
    await page.waitForURL(/lamps/);
    const box = page.getByRole("textbox", { name: "Message" });
    await box.waitFor();
    assert.equal(await box.inputValue(), "half a thought");
  });

  test("the script tag twice on a page is one chat and a warning", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await page.getByRole("button", { name: "Open chat" }).waitFor();
    // As text, through the page's own parser: a script made by us would be under Trusted Types.
    await page.evaluate('import("/dist/loader.js?again")');
    await page.waitForFunction(() => document.querySelectorAll("genesys-guest-chat").length === 1);
    assert.equal(await page.getByRole("button", { name: "Open chat" }).count(), 1);
    assert.ok(
      guest.console.some((line) => /genesys-guest-chat.*Two script tags/.test(line)),
      guest.console.join(),
    );
  });

  test("a listener of the page that throws does not harm the chat", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await page.evaluate(() => {
      for (const name of ["chat-open", "chat-message", "chat-phase", "chat-unread"]) {
        document.addEventListener(name, () => {
          throw new Error(`of the page, at ${name}`);
        });
      }
    });
    await openChat(page);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    assert.ok(guest.exceptions.length > 0 && guest.exceptions.every((message) => message.startsWith("of the page")));
    guest.exceptions.length = 0;
  });

  test("an element that the page moves keeps its conversation, and one that it takes away leaves it to the next", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    const opened = (await site.state()).totals.connectionsOpened;
    await openChat(page);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await page.evaluate(() =>
      document.querySelector("main")?.append(document.querySelector("genesys-guest-chat") ?? ""),
    );
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
    await page.evaluate(() => {
      const chat = document.querySelector("genesys-guest-chat");
      chat?.remove();
      const another = document.createElement("genesys-guest-chat");
      another.setAttribute("broker", "/broker");
      another.setAttribute("open", "");
      document.body.append(another);
    });
    await shown(page, /^The Polaris lamp/);
    assert.equal((await site.state()).totals.connectionsOpened - opened, 1);
  });
});
