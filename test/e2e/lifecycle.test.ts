/** Tabs that crash and tabs that are duplicated: what the others are told, and what is sent. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

describe("the life of tabs", () => {
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

  async function newGuest(host: string): Promise<void> {
    guest = await site.newGuest();
    await guest.context.addInitScript((settings) => Object.assign(window, { genesysGuestChat: { settings } }), {
      host,
    });
  }

  const unread = (page: Page, count: string) =>
    page.getByRole("button", { name: "Open chat" }).getByText(count, { exact: true }).waitFor();

  /** A tab of its own with a copy of this one's sessionStorage, as the browser's "duplicate" makes it. */
  async function duplicate(page: Page): Promise<Page> {
    const [copy] = await Promise.all([
      page.waitForEvent("popup"),
      page.evaluate(() => void window.open(location.href)),
    ]);
    await copy.waitForLoadState();
    return copy;
  }

  for (const host of ["worker", "tab"]) {
    test(`with the ${host} host, the only tab that shows the chat crashes: what comes then is unread in the others (row 54)`, async () => {
      await newGuest(host);
      // The hub lives with the first.
      const other = await guest.visit();
      await openChat(other);
      await shown(other, /Welcome to Fernweh/);
      await other.getByRole("button", { name: "Close chat" }).click();
      const reader = await guest.visit();
      await openChat(reader);
      await shown(reader, /Welcome to Fernweh/);
      await site.control("agent", { do: "message", text: "Seen at once" });
      await shown(reader, "Seen at once");
      await eventually(async () => assert.equal(await other.evaluate(state), "0"));
      const devtools = await guest.context.newCDPSession(reader);
      // It never answers.
      void devtools.send("Page.crash").catch(() => {});
      await reader.waitForEvent("crash");
      await site.control("agent", { do: "message", text: "Are you there?" });
      await unread(other, "1");
    });
  }

  for (const host of ["worker", "tab", "page"]) {
    test(`with the ${host} host, a tab is duplicated with a text not sent yet: it goes out once (row 58)`, async () => {
      await newGuest(host);
      const page = await guest.visit();
      await openChat(page);
      await shown(page, /Welcome to Fernweh/);
      await site.control("settings", { refuseSockets: true });
      await site.control("sockets/close", { abnormal: true });
      const text = `once ${Math.random()}`;
      await say(page, text);
      await transcript(page).getByText("Sending").waitFor();
      const copy = await duplicate(page);
      await copy.getByRole("textbox", { name: "Message" }).waitFor();
      if (host !== "page") await shown(copy, text);
      await site.control("settings", { refuseSockets: false });
      const heard = async () => {
        const messages = (await site.state()).sessions.flatMap((session) => session.messages);
        return new Set(messages.flatMap((message) => (message.text === text ? [message.id] : []))).size;
      };
      await eventually(async () => assert.equal(await heard(), 1), 40_000);
      // Both are live: nothing waits to be sent any more.
      for (const [index, tab] of [page, copy].entries()) {
        await say(tab, `after ${index}`);
        await transcript(tab).getByText(/^Sent/).last().waitFor();
      }
      assert.equal(await heard(), 1);
      const names = await Promise.all(
        [page, copy].map((tab) => tab.evaluate(() => sessionStorage.getItem("genesys-guest-chat:page"))),
      );
      if (host === "page") assert.notEqual(names[0], names[1]);
    });
  }
});

/** Runs in the page. */
const state = (): string =>
  String(
    (document.querySelector("genesys-guest-chat") as (HTMLElement & { state: { unread: number } }) | null)?.state
      .unread,
  );
