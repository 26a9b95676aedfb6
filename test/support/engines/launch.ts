/** A fresh browser of each engine, by the driver that can; the caller closes it. */
import type { Engine } from "../browsers.ts";
import type { Browser } from "./browser.ts";
import { launchChromium } from "./playwright.ts";
import { launchFirefox } from "./puppeteer.ts";
import { launchWebKit } from "./webdriver.ts";

export const launch: Record<Engine, () => Promise<Browser>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
};
