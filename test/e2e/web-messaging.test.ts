/** The shop over web messaging, in a real browser on the real demo: rich messages, files, tabs, a reload. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("a guest of a live org's protocol", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  async function start(): Promise<Page> {
    guest = await site.newGuest();
    const page = await guest.visit("/web-messaging.html");
    await openChat(page);
    return page;
  }

  /** What the guest has said, as the sandbox has it. */
  const said = async () =>
    (await site.state()).sessions.at(-1)?.messages.flatMap(({ from, text }) => (from === "guest" ? [text] : []));

  test("talks: a text goes up, the bot's answer comes down, over one connection", async () => {
    const page = await start();
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await transcript(page).getByText(/^Sent/).waitFor();
    const { connections } = await site.state();
    assert.deepEqual(
      connections.map(({ protocol }) => protocol),
      ["web-messaging"],
    );
  });

  test("answers a card by its button, once", async () => {
    const page = await start();
    await say(page, "card");
    const card = transcript(page).getByRole("group", { name: "Polaris lamp" });
    await card.getByRole("button", { name: "Take the Polaris" }).click();
    await eventually(async () => assert.deepEqual(await said(), ["card", "Take the Polaris"]));
    await eventually(async () => assert.ok(await card.getByRole("button", { name: /Take the Polaris/ }).isDisabled()));
    assert.equal(await card.getByRole("link", { name: "Details" }).getAttribute("rel"), "noopener noreferrer nofollow");
  });

  test("goes through a carousel by keyboard alone", async () => {
    const page = await start();
    await say(page, "carousel");
    const next = transcript(page).getByRole("button", { name: /next/i });
    await next.focus();
    await page.keyboard.press("Enter");
    await shown(page, "2 of 3");
    const take = transcript(page).getByRole("button", { name: "Take the Nomad 45" });
    await take.focus();
    await page.keyboard.press("Enter");
    await eventually(async () => assert.equal((await said())?.at(-1), "Take the Nomad 45"));
  });

  test("sends a picture with a text and sees it in the conversation", async () => {
    const page = await start();
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Attach a file" }).click();
    await (await chooser).setFiles({ name: "tent.png", mimeType: "image/png", buffer: PNG });
    await page.getByRole("dialog").getByText("tent.png").first().waitFor();
    await say(page, "My tent");
    await shown(page, "My tent");
    await transcript(page)
      .getByRole("img", { name: /tent\.png/ })
      .waitFor();
    await eventually(async () => assert.equal((await said())?.at(-1), "My tent"));
  });

  test("finds the conversation after a reload, and in three tabs over one connection", async () => {
    const page = await start();
    await say(page, "card");
    await shown(page, "Our lightest lamp");
    await page.reload();
    await shown(page, "Our lightest lamp");
    const others = [await guest.visit("/web-messaging.html"), await guest.visit("/web-messaging.html")];
    for (const other of others) {
      await openChat(other);
      await shown(other, "Our lightest lamp");
    }
    await say(page, "to all");
    for (const other of others) await shown(other, "to all");
    const { connections } = await site.state();
    const mine = connections.at(-1)?.session;
    assert.equal(connections.filter(({ session }) => session === mine).length, 1);
  });

  test("misses nothing that was said while the line was down, and sees nothing twice", async () => {
    const page = await start();
    await say(page, "card");
    await shown(page, "Our lightest lamp");
    await site.control("sockets/close", { abnormal: true });
    await site.control("agent", { do: "message", text: "Said while nobody listened" });
    await shown(page, "Said while nobody listened");
    assert.equal(await transcript(page).getByText("Our lightest lamp").count(), 1);
  });
});
