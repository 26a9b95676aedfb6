/** Chromium, driven by Playwright. */
import type { Page } from "playwright-core";
import * as chromium from "../chromium.ts";
import { eventually } from "../eventually.ts";
import { killWorkers } from "../kill-workers.ts";
import { type Browser, VIEWPORT } from "./browser.ts";
import { toTab } from "./page.ts";

export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launchChromium();
  const context = await browser.newContext({ reducedMotion: "reduce", viewport: VIEWPORT });
  const ours = new Set<Page>();
  return {
    async open(url) {
      const page = await context.newPage();
      ours.add(page);
      const tab = toTab(page, () => crash(page));
      await tab.goTo(url);
      return tab;
    },
    async popUp() {
      const page = await eventually(() => context.pages().find((each) => !ours.has(each)) ?? Promise.reject());
      ours.add(page);
      return toTab(page, () => crash(page));
    },
    killWorkers: () => killWorkers(browser),
    close: () => browser.close(),
  };
}

async function crash(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  // It never answers.
  void devtools.send("Page.crash").catch(() => {});
  await page.waitForEvent("crash");
}
