/** How conversations over web messaging end, in a real browser: by the agent, by the guest in one tab, by themselves. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { demoDeployment } from "../../../src/sandbox/web-messaging/demo-deployment.ts";
import { eventually, say, shown, transcript } from "../../support/site.ts";
import { useShop } from "./shop.ts";

const MINUTE_S = 60;

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const isEmptyOf = (page: Page, text: string) =>
  eventually(async () => assert.equal(await transcript(page).getByText(text, { exact: true }).count(), 0));

async function clear(page: Page): Promise<void> {
  await button(page, "More").click();
  await button(page, "Clear conversation").click();
  await button(page, "Clear").click();
}

describe("a conversation", () => {
  const { site, enter, openTab, said } = useShop();

  /** In two tabs, with a word said. */
  async function talk(text: string) {
    const { guest, page } = await enter();
    await say(page, text);
    const other = await openTab(guest);
    await shown(other, text);
    await transcript(page).getByText(/^Sent/).waitFor();
    return [page, other] as const;
  }
  async function end(tabs: readonly Page[]): Promise<void> {
    await site.control("agent", { do: "leave" });
    for (const tab of tabs) await tab.getByText("This conversation is over.").waitFor();
  }

  test("that the agent ends can be read and not written into, until a new one begins, below it", async () => {
    const tabs = await talk("hello");
    const [page, other] = tabs;
    await end(tabs);
    assert.equal(await page.getByRole("textbox", { name: "Message" }).count(), 0);
    await page.reload();
    await shown(page, "hello");
    await button(page, "Start new conversation").click();
    for (const tab of tabs) {
      await shown(tab, "New conversation");
      await shown(tab, "hello");
    }
    await say(other, "and another thing");
    for (const tab of tabs) await shown(tab, "and another thing");
    assert.deepEqual(await said(), ["and another thing"]);
    const { connections } = await site.state();
    assert.equal(connections.length, 1);
  });

  test("cleared in one tab is gone from the other, and a new one begins (row 65)", async () => {
    const tabs = await talk("my secret");
    await clear(tabs[0]);
    for (const tab of tabs) await isEmptyOf(tab, "my secret");
    for (const tab of tabs) await shown(tab, /^Welcome to Fernweh/);
    await say(tabs[1], "afresh");
    for (const tab of tabs) await shown(tab, "afresh");
    await tabs[0].reload();
    await shown(tabs[0], "afresh");
    await isEmptyOf(tabs[0], "my secret");
    assert.deepEqual(await said(), ["afresh"]);
  });

  test("kept when the guest is asked whether to clear it, and thinks again", async () => {
    const [page] = await talk("stays");
    await button(page, "More").click();
    await button(page, "Clear conversation").click();
    await button(page, "Keep").click();
    await eventually(async () => assert.equal(await page.getByRole("alertdialog").count(), 0));
    await say(page, "and goes on");
    await shown(page, "and goes on");
    await shown(page, "stays");
  });

  test("that is over can be cleared too: gone from all tabs, and a new one begins", async () => {
    const tabs = await talk("my secret");
    await end(tabs);
    await clear(tabs[1]);
    for (const tab of tabs) await isEmptyOf(tab, "my secret");
    for (const tab of tabs) await shown(tab, /^Welcome to Fernweh/);
    await say(tabs[0], "afresh");
    for (const tab of tabs) await shown(tab, "afresh");
    assert.deepEqual(await said(), ["afresh"]);
  });
});

describe("a session that ends unless somebody writes", () => {
  const { site, enter, openTab } = useShop(() => ({
    deployment: { ...demoDeployment, autoStart: false, limits: { sessionSeconds: 15 * MINUTE_S } },
  }));

  /** The line breaks, and the next one tells of the session as if the guest had been silent until so long before its end. */
  async function comeNearEnd(seconds: number): Promise<void> {
    const body = {
      connected: true,
      newSession: false,
      readOnly: false,
      durationSeconds: 15 * MINUTE_S,
      expirationDate: Math.floor(Date.now() / 1000) + seconds,
    };
    const then = { replace: { type: "response", class: "SessionResponse", code: 200, body } };
    const match = { kind: "frame", direction: "out", action: "SessionResponse" };
    await site.control("faults", { match, then, times: 1 });
    await site.control("sockets/close", { abnormal: true });
  }

  test("says so in every tab five minutes before, and no more once he has written (row 63)", async () => {
    const { guest, page } = await enter();
    const other = await openTab(guest);
    await say(page, "hello");
    for (const tab of [page, other]) await shown(tab, /^Hello! What can I do/);
    await comeNearEnd(5 * MINUTE_S + 6);
    for (const tab of [page, other]) {
      await tab.getByText("This chat ends in 5 minutes unless you write.").waitFor({ timeout: 20_000 });
    }
    await say(other, "still here");
    for (const tab of [page, other]) {
      await shown(tab, "still here");
      await eventually(async () => assert.equal(await tab.getByText(/^This chat ends/).count(), 0));
    }
  });
});
