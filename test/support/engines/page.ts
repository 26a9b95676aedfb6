/** A page of Playwright's or Puppeteer's as a tab: of what is used here, both speak the same words. */
import type { Tab } from "./browser.ts";

interface Element {
  click(): Promise<void>;
  type(text: string): Promise<void>;
  press(key: "Enter"): Promise<void>;
}

interface Page {
  evaluate(expression: string): Promise<unknown>;
  evaluateHandle(expression: string): Promise<{ asElement(): Element | null }>;
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
}

/** How a tab crashes is the driver's own affair. */
export function toTab(page: Page, crash: () => Promise<void>): Tab {
  const find = async (expression: string): Promise<Element> => {
    const element = (await page.evaluateHandle(expression)).asElement();
    if (!element) throw new Error(`no element: ${expression}`);
    return element;
  };
  return {
    evaluate: (expression) => page.evaluate(expression),
    click: async (expression) => (await find(expression)).click(),
    async enter(expression, text) {
      const element = await find(expression);
      await element.type(text);
      await element.press("Enter");
    },
    async goTo(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    close: () => page.close(),
    crash,
  };
}
