/** The browser that the e2e tests run in is the one that guests have. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../support/chromium.ts";

describe("the browser under test", () => {
  let browser: Browser;
  let server: Server;
  let port: number;

  before(async () => {
    const files: Record<string, [type: string, text: string]> = {
      "/": ["text/html", '<iframe src="/frame"></iframe>'],
      "/frame": ["text/html", '<script src="/frame.js"></script>'],
      "/frame.js": [
        "text/javascript",
        `const worker = new SharedWorker("/worker.js", { type: "module" });
        worker.onerror = () => document.title = "error";
        worker.port.onmessage = ({ data }) => document.title = data;`,
      ],
      "/worker.js": ["text/javascript", 'onconnect = ({ ports }) => ports[0].postMessage("started");'],
    };
    server = createServer(({ url }, response) => {
      const [type, text] = files[url ?? ""] ?? ["text/plain", ""];
      // The page is of one site, its frame of another.
      response.setHeader("content-type", type).end(text.replace("/frame", () => `http://cdn.localhost:${port}/frame`));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  test("has none of the flags by which Playwright changes storage and navigation", async () => {
    const page = await browser.newPage();
    await page.goto("chrome://version");
    const commandLine = (await page.locator("#command_line").textContent()) ?? "";
    const disabled = commandLine.match(/--disable-features=\S*/g)?.at(-1) ?? "";
    assert.match(disabled, /PaintHolding/);
    assert.doesNotMatch(disabled, /ThirdPartyStoragePartitioning/);
    assert.doesNotMatch(commandLine, /--disable-back-forward-cache/);
    await page.close();
  });

  test("starts a SharedWorker in a frame of another site", async () => {
    const page = await browser.newPage();
    await page.goto(`http://shop.localhost:${port}/`);
    const frame = page.frames().find((one) => one.url().includes("cdn.localhost"));
    assert.ok(frame);
    await frame.waitForFunction(() => document.title !== "");
    assert.equal(await frame.title(), "started");
    await page.close();
  });
});
