/** Firefox, driven by Puppeteer over WebDriver BiDi: Playwright drives only a Firefox of its own. */
import { launch, type Page, type Browser as Puppeteer } from "puppeteer-core";
import { findFirefox } from "../browsers.ts";
import { eventually } from "../eventually.ts";
import { type Browser, VIEWPORT } from "./browser.ts";
import { toTab } from "./page.ts";

/** What Puppeteer has and does not tell of: the line on which it speaks BiDi, and how BiDi calls a tab. */
interface Inner {
  connection: { send(method: string, params: object): Promise<{ result: unknown }> };
}
interface InnerFrame {
  _id: string;
}

export async function launchFirefox(): Promise<Browser> {
  const browser = await launch({
    browser: "firefox",
    executablePath: findFirefox(),
    // Which process a tab is of, only the browser's own window can tell.
    args: ["--remote-allow-system-access"],
    defaultViewport: VIEWPORT,
    extraPrefsFirefox: { "ui.prefersReducedMotion": 1 },
  });
  const ours = new Set<Page>(await browser.pages());
  return {
    async open(url) {
      const page = await browser.newPage();
      ours.add(page);
      const tab = toTab(page, () => crash(browser, page));
      await tab.goTo(url);
      return tab;
    },
    async popUp() {
      const page = await eventually(async () => {
        const other = (await browser.pages()).find((each) => !ours.has(each));
        return other ?? Promise.reject();
      });
      ours.add(page);
      return toTab(page, () => crash(browser, page));
    },
    close: () => browser.close(),
  };
}

async function crash(browser: Puppeteer, page: Page): Promise<void> {
  const { connection } = browser as unknown as Inner;
  const { _id: id } = page.mainFrame() as unknown as InnerFrame;
  const tree = await connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
  const [window] = (tree.result as { contexts: { context: string }[] }).contexts;
  const expression = `ChromeUtils.importESModule("chrome://remote/content/shared/NavigableManager.sys.mjs")
    .NavigableManager.getBrowsingContextById(${JSON.stringify(id)}).currentWindowGlobal.osPid`;
  const told = await connection.send("script.evaluate", {
    expression,
    target: { context: window?.context },
    awaitPromise: false,
  });
  process.kill((told.result as { result: { value: number } }).result.value, "SIGKILL");
}
