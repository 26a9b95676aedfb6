/** The demo site with a browser before it: what every e2e theme starts from, and the words it is told in. */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { type Demo, type DemoOptions, serve } from "../../demo/serve.ts";
import { launchChromium } from "./chromium.ts";

export interface SandboxState {
  connections: { id: string; protocol: string; session: string; origin?: string; openedAt: string }[];
  sessions: {
    id: string;
    messages: { id: string; clientId?: string; from: string; text?: string }[];
    readOnly: boolean;
    attributes: Record<string, unknown>;
  }[];
  totals: { connectionsOpened: number; framesIn: number; framesOut: number; guestsCreated: number };
}

export { eventually } from "./eventually.ts";

/** One guest's browser: his tabs share storage and workers, nobody else's. */
export interface Guest {
  context: BrowserContext;
  /** Console errors and exceptions of all his pages. */
  complaints: string[];
  /** Exceptions that reached a page. */
  exceptions: string[];
  /** Warnings and errors in the consoles, as they were written. */
  console: string[];
  /** A path of the demo's, or an address. */
  visit(path?: string): Promise<Page>;
}

/** The demo site, and the controls of its sandbox. */
export interface DemoSite {
  readonly demo: Demo;
  state(): Promise<SandboxState>;
  control(path: string, body: object): Promise<void>;
  log(): Promise<Record<string, unknown>[]>;
}

export interface Site extends DemoSite {
  readonly browser: Browser;
  newGuest(): Promise<Guest>;
}

/** Nobody waits for the bot, and no rate is in the way. */
const DEFAULTS: DemoOptions = { botDelayMs: 20, perMinute: 6000 };

type Prepare = () => DemoOptions | Promise<DemoOptions>;

/** Starts the server before the tests of a file, and ends it after. `prepare` is asked for more options of its when it is about to start. */
export function useDemo(prepare: Prepare = () => ({})): DemoSite {
  let demo: Demo;

  before(async () => {
    demo = await serve({ ...DEFAULTS, ...(await prepare()) });
  });
  after(() => demo?.close());

  return toDemoSite(() => demo);
}

/** As useDemo, with a browser. Each test has guests of its own. */
export function useSite(prepare?: Prepare): Site {
  let browser: Browser;

  // The browser goes before its server does.
  after(() => browser?.close());
  const site = useDemo(prepare);
  before(async () => {
    browser = await launchChromium();
  });

  return toSite(site, () => browser);
}

/** The same for what is no test: a site with a browser, which the caller closes. */
export async function openSite(options: DemoOptions = {}): Promise<Site & { close(): Promise<void> }> {
  const demo = await serve({ ...DEFAULTS, ...options });
  const browser = await launchChromium();
  const site = toSite(
    toDemoSite(() => demo),
    () => browser,
  );
  return Object.assign(site, {
    async close() {
      await browser.close();
      await demo.close();
    },
  });
}

/** `getDemo`: in a test it is there only once the test has begun. */
function toDemoSite(getDemo: () => Demo): DemoSite {
  return {
    get demo() {
      return getDemo();
    },
    async state() {
      return (await fetch(`${getDemo().url}/sandbox/state`)).json() as Promise<SandboxState>;
    },
    async control(path, body) {
      const headers = { "Content-Type": "application/json" };
      const response = await fetch(`${getDemo().url}/sandbox/${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      assert.ok(response.ok, `${path}: ${response.status} ${await response.text()}`);
    },
    async log() {
      const text = await (await fetch(`${getDemo().url}/sandbox/log`)).text();
      return text.split("\n").flatMap((line) => (line ? [JSON.parse(line)] : []));
    },
  };
}

function toSite(site: DemoSite, getBrowser: () => Browser): Site {
  return {
    get demo() {
      return site.demo;
    },
    get browser() {
      return getBrowser();
    },
    state: site.state,
    control: site.control,
    log: site.log,
    async newGuest() {
      const context = await getBrowser().newContext({
        reducedMotion: "reduce",
        viewport: { width: 1600, height: 900 },
      });
      const guest: Guest = {
        context,
        complaints: [],
        exceptions: [],
        console: [],
        async visit(path = "/guest-api.html") {
          const page = await context.newPage();
          page.on("console", (message) => {
            if (["warning", "error"].includes(message.type())) guest.console.push(message.text());
            if (message.type() === "error") guest.complaints.push(`${page.url()}: ${message.text()}`);
          });
          page.on("pageerror", (error) => {
            guest.exceptions.push(error.message);
            guest.complaints.push(`${page.url()}: ${error.message}`);
          });
          await page.goto(new URL(path, site.demo.url).href);
          return page;
        },
      };
      return guest;
    },
  };
}

/** The server at `url` under a name of its own: to a browser another site, of another origin. */
export const at = (url: string, name: string): string => `http://${name}.localhost:${new URL(url).port}`;

export const openChat = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "Open chat" }).click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
};

export async function say(page: Page, text: string): Promise<void> {
  const box = page.getByRole("textbox", { name: "Message" });
  await box.fill(text);
  await box.press("Enter");
}

/** The conversation as one reads it. */
export const transcript = (page: Page) => page.getByRole("log", { name: "Conversation" });

/** Waits until the page shows the text as a message. */
export const shown = (page: Page, text: string | RegExp, timeout = 10_000): Promise<void> =>
  transcript(page).getByText(text).first().waitFor({ timeout });
