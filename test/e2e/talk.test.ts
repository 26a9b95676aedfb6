/** Talking, in a real browser on the real demo: text up, answer down, reload, refresh, the end. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { killWorkers } from "../support/kill-workers.ts";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

describe("a guest talks", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await site.control("settings", { guestTokenSeconds: 3600, refuseSockets: false });
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  test("a text goes up and the bot's answer comes down, through a SharedWorker", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await transcript(page).getByText(/^Sent/).waitFor();
    // As bundled: a minifier that was let loose once made "Oundefined" of Otto's initials.
    assert.equal(await page.getByRole("dialog").locator(".face").first().textContent(), "O");
    const { connections, sessions } = await site.state();
    assert.equal(connections.length, 1);
    assert.equal(connections[0]?.origin, site.demo.url);
    assert.deepEqual(
      sessions[0]?.messages.map(({ from }) => from),
      ["bot", "guest", "bot"],
    );
    // With the worker host the page has neither socket nor credentials.
    const workers = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.ok(!workers.some((name) => /\/v1\/sessions/.test(name)));
  });

  test("a reload keeps the transcript and the session", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await openChat(page);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    const before = await site.state();
    await page.reload();
    await shown(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await eventually(async () => {
      const after = await site.state();
      assert.equal(after.totals.guestsCreated, before.totals.guestsCreated);
      assert.equal(after.connections.at(-1)?.session, before.connections.at(-1)?.session);
    });
  });

  test("a browser that was closed and opened again finds the conversation in its store", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await openChat(page);
    await say(page, "where is my order");
    await shown(page, /^Orders leave our warehouse/);
    const { guestsCreated } = (await site.state()).totals;
    await page.evaluate(() => customElements.whenDefined("genesys-guest-chat"));
    // The worker dies with its browser; here it is told to, so that only the store is left.
    await page.goto("about:blank");
    await killWorkers(site.browser);
    await page.goto(`${site.demo.url}/guest-api.html`);
    await shown(page, /^Orders leave our warehouse/);
    await say(page, "thanks");
    await shown(page, /^You are welcome/);
    assert.equal((await site.state()).totals.guestsCreated, guestsCreated);
  });

  test("a token of 20 s is refreshed with the conversation going on", async () => {
    guest = await site.newGuest();
    await site.control("settings", { guestTokenSeconds: 20 });
    const page = await guest.visit();
    await openChat(page);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    const { guestsCreated } = (await site.state()).totals;
    await eventually(async () => {
      assert.ok((await site.state()).totals.guestsCreated > guestsCreated);
    }, 30_000);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
    await shown(page, "hello");
    assert.equal(await transcript(page).getByText("Welcome to Fernweh").count(), 1);
    assert.equal((await site.state()).connections.length, 1);
  });

  test("the agent leaves: the composer is locked, and a new conversation can be begun", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await openChat(page);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await site.control("agent", { do: "message", text: "Mira here." });
    await shown(page, "Mira here.");
    await shown(page, "Mira Koch joined");
    await site.control("agent", { do: "leave" });
    await page.getByText("This conversation is over").first().waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Message" }).count(), 0);
    await page.getByRole("button", { name: "Start new conversation" }).click();
    const box = page.getByRole("textbox", { name: "Message" });
    await box.waitFor();
    await say(page, "maps");
    await shown(page, /^We print maps/);
    await shown(page, "Mira here.");
    assert.equal((await site.state()).connections.length, 1);
  });

  test("somebody typing is seen, and goes away with the message", async () => {
    guest = await site.newGuest();
    const page = await guest.visit();
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    await site.control("agent", { do: "typing", on: true });
    const typing = transcript(page).getByRole("img", { name: "Mira Koch is writing" });
    await typing.waitFor();
    await site.control("agent", { do: "message", text: "Done." });
    await shown(page, "Done.");
    await typing.waitFor({ state: "detached" });
  });
});
