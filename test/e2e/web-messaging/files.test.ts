/** Files of a guest's over web messaging, on a line that is slow on purpose: up with progress, into messages, and down again. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, say, shown, transcript } from "../../support/site.ts";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.ts";
import { useShop } from "./shop.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
/** As large as a photo: a picture ends where it says, whatever comes after. */
const large = (beginning: Buffer) => Buffer.concat([beginning, Buffer.alloc(8_000_000)]);
const TENT = { name: "tent.png", mimeType: "image/png", buffer: large(PNG) };
const ORDER = { name: "order.pdf", mimeType: "application/pdf", buffer: large(Buffer.from("%PDF-1.4\n")) };
/** No upload is done in less than ten times as long as it takes to look. */
const SLOW = 400_000;

const clock = {
  monotonic: () => performance.now(),
  after(ms: number, callback: () => void) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

describe("a file of a guest's", () => {
  const { site, enter, openTab, said, expect } = useShop();
  let line: TcpProxy;

  before(async () => {
    line = await startTcpProxy(Number(new URL(site.demo.url).port), { clock, random: Math.random });
  });
  after(() => line.close());

  const address = () => `http://127.0.0.1:${line.port}/web-messaging.html`;
  const composer = (page: Page) => page.getByRole("dialog", { name: "Chat" });
  const row = (page: Page, name: string) => composer(page).getByRole("listitem").filter({ hasText: name });
  const bar = (page: Page, name: string) => composer(page).getByRole("progressbar", { name: `Uploading ${name}` });
  const picture = (page: Page, name = "tent.png") => transcript(page).getByRole("img", { name });
  const fault = (then: object) => site.control("faults", { match: { kind: "http", method: "PUT" }, then });

  /** With the chat open, and the way up as slow as `bytesPerSecond`. */
  async function start(bytesPerSecond = SLOW) {
    line.mend();
    const { guest, page } = await enter(address());
    await shown(page, /^Welcome to Fernweh/);
    line.up.bytesPerSecond = bytesPerSecond;
    return { guest, page };
  }

  async function choose(page: Page, ...files: (typeof TENT)[]): Promise<void> {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Attach a file" }).click();
    await (await chooser).setFiles(files);
    for (const { name } of files) await row(page, name).waitFor();
  }

  /** It is seen to be on its way, and not there. */
  const halfway = (page: Page, name: string) =>
    eventually(async () => {
      const value = await bar(page, name).evaluate((element) => (element as HTMLProgressElement).value);
      assert.ok(value > 0.02 && value < 0.98, `${name}: ${value}`);
    }, 30_000);

  const isWhole = (page: Page, name = "tent.png") =>
    eventually(async () =>
      assert.equal(await picture(page, name).evaluate((element) => (element as HTMLImageElement).naturalWidth), 1),
    );

  test("goes up with visible progress, a picture as a PDF, into the conversation and down again", async () => {
    const { page } = await start();
    await choose(page, TENT, ORDER);
    for (const { name } of [TENT, ORDER]) await halfway(page, name);
    line.mend();
    for (const { name } of [TENT, ORDER]) await row(page, name).getByText("Ready to send").waitFor();
    await say(page, "Both");
    await isWhole(page);
    await shown(page, "Both");
    await transcript(page).getByText("order.pdf").waitFor();
    await eventually(async () => assert.equal(await row(page, ORDER.name).count(), 0));
    await transcript(page).getByText(/^Sent/).last().waitFor();
    for (const { name, buffer } of [TENT, ORDER]) {
      const link = transcript(page).getByRole("link", { name: new RegExp(name) });
      const url = await link.getAttribute("href");
      const down = await fetch(url ?? "");
      assert.deepEqual(Buffer.compare(Buffer.from(await down.arrayBuffer()), buffer), 0);
    }
    const downloading = page.context().waitForEvent("download");
    await transcript(page)
      .getByRole("link", { name: /order\.pdf/ })
      .click();
    assert.equal((await downloading).suggestedFilename(), "order.pdf");
  });

  test("that is still on its way when its text is sent follows it by itself", async () => {
    const { page } = await start();
    await choose(page, TENT);
    await say(page, "My tent");
    await row(page, TENT.name).getByText("Sent when uploaded").waitFor();
    await transcript(page).getByText(/^Sent/).waitFor();
    assert.deepEqual(await said(), ["My tent"]);
    assert.equal(await picture(page).count(), 0);
    await halfway(page, TENT.name);
    line.mend();
    await isWhole(page);
    await eventually(async () => assert.equal(await row(page, TENT.name).count(), 0));
    assert.equal(await picture(page).count(), 1);
    assert.deepEqual(await said(), ["My tent", undefined]);
  });

  test("goes without a text too, when it is up, whoever was looking: another tab goes on where the first was closed", async () => {
    const { guest, page } = await start();
    const other = await openTab(guest, address());
    await choose(page, TENT);
    await page.getByRole("button", { name: "Send message" }).click();
    for (const tab of [page, other]) await row(tab, TENT.name).getByText("Sent when uploaded").waitFor();
    await halfway(other, TENT.name);
    await page.close();
    line.mend();
    await isWhole(other);
    await eventually(async () => assert.equal(await row(other, TENT.name).count(), 0));
  });

  test("that fails stays where it is with its reason, and goes when it is tried again and sent", async () => {
    expect("403");
    await fault({ status: 403 });
    const { page } = await start();
    await choose(page, TENT);
    await say(page, "My tent");
    await shown(page, "My tent");
    line.mend();
    await row(page, TENT.name).getByText("The file could not be sent. Please try again.").waitFor({ timeout: 60_000 });
    assert.equal(await picture(page).count(), 0);
    await fetch(`${site.demo.url}/sandbox/faults`, { method: "DELETE" });
    await composer(page)
      .getByRole("button", { name: `Try again: ${TENT.name}` })
      .click();
    await row(page, TENT.name).getByText("Ready to send").waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "Send message" }).click();
    await isWhole(page);
  });

  test("that is cancelled on its way is gone, and nothing of it arrives", async () => {
    const { page } = await start();
    await choose(page, TENT);
    await halfway(page, TENT.name);
    await composer(page)
      .getByRole("button", { name: `Cancel ${TENT.name}` })
      .click();
    await eventually(async () => assert.equal(await row(page, TENT.name).count(), 0));
    line.mend();
    await say(page, "No tent after all");
    await shown(page, "No tent after all");
    await transcript(page).getByText(/^Sent/).waitFor();
    assert.equal(await picture(page).count(), 0);
    assert.deepEqual(await said(), ["No tent after all"]);
  });
});
