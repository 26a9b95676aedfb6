/** Using it: by keyboard alone, on a small phone, and whatever the page does around it. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

describe("using the chat", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.exceptions, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  test("the whole job by keyboard alone: open, choose, write, read earlier, the end, a new one, close", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    const press = (key: string) => page.keyboard.press(key);
    const has = (name: string) =>
      page.waitForFunction((wanted) => {
        const active = document.activeElement?.shadowRoot?.activeElement;
        return (active?.getAttribute("aria-label") ?? active?.textContent?.trim()) === wanted;
      }, name);
    /** Presses the key until what has this name has the focus. */
    const go = async (key: string, name: string) => {
      for (let tries = 0; tries < 40; tries += 1) {
        await press(key);
        const active = page
          .locator("genesys-guest-chat")
          .getByLabel(name)
          .or(page.getByText(name, { exact: true }));
        if (await active.evaluateAll((all) => all.some((each) => each.matches(":focus")))) return;
      }
      assert.fail(`${key} does not lead to ${name}`);
    };

    await page.getByRole("button", { name: "Open chat" }).waitFor();
    await go("Tab", "Open chat");
    await press("Enter");
    await has("Message");
    await shown(page, /^Welcome to Fernweh/);
    await go("Shift+Tab", "Talk to a person");
    await press("Enter");
    await shown(page, /^I have told my colleagues/);
    // The button that was pressed can be pressed no more: on with the text.
    await has("Message");
    await page.keyboard.type("first line");
    await press("Shift+Enter");
    await page.keyboard.type("second line");
    await press("Enter");
    await shown(page, /first line\s+second line/);
    assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "");

    for (let line = 1; line <= 12; line += 1) await site.control("agent", { do: "message", text: `Answer ${line}` });
    await shown(page, "Answer 12");
    const top = () => transcript(page).evaluate((log) => log.scrollTop);
    assert.ok((await top()) > 0);
    await go("Shift+Tab", "Conversation");
    // Once more where something came just as it set off: what is at the end is kept there.
    await eventually(async () => {
      await press("Home");
      await page.waitForFunction((log) => log?.scrollTop === 0, await transcript(page).elementHandle(), {
        timeout: 2000,
      });
    });
    await site.control("agent", { do: "message", text: "One more" });
    await page.getByRole("button", { name: "New messages" }).waitFor();
    await go("Tab", "New messages");
    await press("Enter");
    await eventually(async () => assert.ok((await top()) > 0));
    await has("Message");

    await site.control("agent", { do: "leave" });
    await has("Start new conversation");
    await press("Enter");
    await has("Message");
    await page.keyboard.type("maps");
    await press("Enter");
    await shown(page, /^We print maps/);
    await press("Escape");
    await has("Open chat");
    await page.getByRole("dialog", { name: "Chat" }).waitFor({ state: "hidden" });
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
      guest.console.some((line) => /genesys-guest-chat.*Two tags/.test(line)),
      guest.console.join(),
    );
  });

  test("a listener of the page that throws does not harm the chat (row 83)", async () => {
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

  test("an element that the page moves keeps its conversation, and one that it takes away leaves it to the next (row 59)", async () => {
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
