/** Every page of the demo loads without a complaint of the browser: nothing missing, nothing against the policy. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { type Demo, serve } from "../../demo/serve.ts";
import { launchChromium } from "../support/chromium.ts";

const PAGES = ["/", "/guest-api.html", "/shop/backpacks.html", "/shop/lamps.html", "/shop/returns.html", "/embed.html"];

describe("the pages of the demo", () => {
  let browser: Browser;
  let demo: Demo;
  before(async () => {
    [demo, browser] = await Promise.all([serve(), launchChromium()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.close();
  });

  for (const path of PAGES) {
    test(`${path} loads without an error or a policy report, and fits a phone of 320 px`, async () => {
      const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("response", (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
      });
      await page.goto(demo.url + path, { waitUntil: "networkidle" });
      assert.deepEqual(complaints, []);
      assert.deepEqual(demo.reports(), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
      await page.close();
    });
  }

  test("embedding the chat opens no connection before the guest opens it", async () => {
    const state = (await (await fetch(`${demo.url}/sandbox/state`)).json()) as {
      totals: { connectionsOpened: number };
    };
    assert.equal(state.totals.connectionsOpened, 0);
  });
});
