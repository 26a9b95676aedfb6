/** Firefox, driven by Puppeteer over WebDriver BiDi: Playwright drives only a Firefox of its own. */
import { launch } from "puppeteer-core";
import { findFirefox } from "../browsers.ts";
import type { Browser } from "./browser.ts";
import { toTab } from "./page.ts";

export async function launchFirefox(): Promise<Browser> {
  const browser = await launch({
    browser: "firefox",
    executablePath: findFirefox(),
    extraPrefsFirefox: { "ui.prefersReducedMotion": 1 },
  });
  return {
    async open(url) {
      const tab = toTab(await browser.newPage());
      await tab.goTo(url);
      return tab;
    },
    close: () => browser.close(),
  };
}
