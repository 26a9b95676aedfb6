/** Many tabs and many pages, one connection. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

describe("tabs and pages", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
    // What the closed browser leaves must not count for the next test.
    await site.control("sockets/close", { code: 1000 });
  });

  test("an answer is counted on the launcher of every tab, and read in one it is read in all", async () => {
    guest = await site.newGuest();
    // The others were there, and had nothing to show, before the conversation began.
    const tabs = [await guest.visit(), await guest.visit("/shop/lamps.html"), await guest.visit("/shop/returns.html")];
    const first = tabs[0] as Page;
    await first.bringToFront();
    await openChat(first);
    await shown(first, /Welcome to Fernweh/);
    await first.getByRole("button", { name: "Close chat" }).click();
    const launcher = (tab: Page) => tab.getByRole("button", { name: "Open chat" });
    const unread = (tab: Page, count: number) => launcher(tab).getByText(String(count), { exact: true }).waitFor();
    for (const [index, text] of ["Hello?", "Mira here."].entries()) {
      await site.control("agent", { do: "message", text });
      for (const tab of tabs) await unread(tab, index + 1);
    }
    await openChat(tabs[1] as Page);
    await shown(tabs[1] as Page, "Mira here.");
    for (const tab of [first, tabs[2] as Page]) {
      await eventually(async () => assert.equal(await launcher(tab).textContent(), ""));
    }
    // What is read as it comes is counted nowhere, not even for a moment.
    const third = tabs[2] as Page;
    await third.evaluate(() => {
      for (const type of ["chat-message", "chat-unread"])
        document.addEventListener(type, () => document.body.setAttribute(`data-${type}`, ""));
    });
    await site.control("agent", { do: "message", text: "Are you there?" });
    await third.locator("[data-chat-message]").waitFor();
    assert.equal(await third.locator("[data-chat-unread]").count(), 0);
  });

  test("when all sockets are cut while typing goes on, each text arrives once and in order", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    const other = await guest.visit();
    await openChat(page);
    await openChat(other);
    await shown(page, /Welcome to Fernweh/);
    const texts = Array.from({ length: 12 }, (_, index) => `text number ${index + 1}`);
    for (const [index, text] of texts.entries()) {
      await say(page, text);
      if (index % 4 === 1) await site.control("sockets/close", { abnormal: true });
    }
    const arrived = await eventually(async () => {
      const { sessions } = await site.state();
      const session = sessions.find(({ messages }) => messages.some((message) => message.text === texts[0]));
      const own = session?.messages.filter(({ from }) => from === "guest").map(({ text }) => text) ?? [];
      assert.ok(own.length >= texts.length);
      return own;
    }, 60_000);
    assert.deepEqual(arrived, texts);
    for (const tab of [page, other]) {
      await eventually(async () => {
        const bubbles = await transcript(tab)
          .getByText(/^text number \d+$/)
          .allTextContents();
        assert.deepEqual(
          bubbles.map((bubble) => bubble.trim()),
          texts,
        );
      });
    }
  });
});
