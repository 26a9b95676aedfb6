/** Chromium, driven by Playwright. */
import * as chromium from "../chromium.ts";
import type { Browser } from "./browser.ts";
import { toTab } from "./page.ts";

export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launchChromium();
  const context = await browser.newContext({ reducedMotion: "reduce" });
  return {
    async open(url) {
      const tab = toTab(await context.newPage());
      await tab.goTo(url);
      return tab;
    },
    close: () => browser.close(),
  };
}
