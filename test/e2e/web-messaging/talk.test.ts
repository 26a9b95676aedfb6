/** The shop over web messaging, in a real browser on the real demo: words up and down, tabs, a reload, a line that breaks. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { say, shown, transcript } from "../../support/site.ts";
import { useShop } from "./shop.ts";

describe("a guest of a live org's protocol", () => {
  const { site, enter, openTab, said } = useShop();

  test("is welcomed as soon as the chat is open, before he has said a word", async () => {
    const { page } = await enter();
    await shown(page, /^Welcome to Fernweh/);
    assert.deepEqual(await said(), []);
  });

  test("talks: a text goes up, the bot's answer comes down, over one connection", async () => {
    const { page } = await enter();
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await transcript(page).getByText(/^Sent/).waitFor();
    const { connections } = await site.state();
    assert.deepEqual(
      connections.map(({ protocol }) => protocol),
      ["web-messaging"],
    );
  });

  test("finds the conversation after a reload, and in three tabs over one connection", async () => {
    const { guest, page } = await enter();
    await say(page, "card");
    await shown(page, "Our lightest lamp");
    await page.reload();
    await shown(page, "Our lightest lamp");
    const others = [await openTab(guest), await openTab(guest)];
    for (const other of others) await shown(other, "Our lightest lamp");
    await say(page, "to all");
    for (const other of others) await shown(other, "to all");
    const { connections } = await site.state();
    assert.equal(connections.length, 1);
  });

  test("misses nothing that was said while the line was down, and sees nothing twice", async () => {
    const { page } = await enter();
    await say(page, "card");
    await shown(page, "Our lightest lamp");
    await site.control("sockets/close", { abnormal: true });
    await site.control("agent", { do: "message", text: "Said while nobody listened" });
    await shown(page, "Said while nobody listened");
    assert.equal(await transcript(page).getByText("Our lightest lamp").count(), 1);
  });
});
