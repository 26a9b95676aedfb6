/** The script tag: what it fetches and when, what it shows meanwhile, and how it gives its place to the element. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { difference } from "../loader/pictures.ts";
import { WATCH } from "../loader/watch.ts";
import { leavings, NOTHING } from "../support/leavings.ts";
import { eventually, type Guest, useSite } from "../support/site.ts";

const TAG = '<script async src="/dist/loader.js" data-broker="/broker" data-route="sales"></script>';

/** Of the page, as tests see them. */
type Chat = HTMLElement & { open: boolean };
type Global = { ready: Promise<Chat>; push(callback: (chat: Chat) => void): void; settings?: Record<string, unknown> };
type Host = typeof window & { genesysGuestChat: Global; seen: unknown[]; gaps: number };

/** A finger goes down on it, and is not lifted. */
async function touch(page: Page): Promise<void> {
  const { x, y } = (await launcher(page).boundingBox()) as { x: number; y: number };
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: x + 30, y: y + 30 }] });
}

/** Of Chromium's trace; `tdur` in µs of the thread. */
type Traced = { name: string; tdur?: number; args: { data?: { url?: string } } };

const launcher = (page: Page) => page.getByRole("button", { name: "Open chat" });
const box = (page: Page) => page.getByRole("textbox", { name: "Message" });
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute("aria-label"));

describe("the script tag", () => {
  const site = useSite();
  let guest: Guest;
  let asked: string[];

  /** Visits the demo's page with its tag replaced, and notes what is asked for. */
  async function visit(tag = TAG, { delayMs = 0, body = "" } = {}): Promise<Page> {
    guest = await site.newGuest();
    asked = [];
    guest.context.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await guest.context.route("**/guest-api.html", async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replace(TAG, tag).replace("</body>", `${body}</body>`);
      await route.fulfill({ response, body: text });
    });
    await guest.context.route("**/early.js", (route) => route.fulfill({ contentType: "text/javascript", body: early }));
    if (delayMs) {
      await guest.context.route("**/element.js", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await route.continue();
      });
    }
    const page = await guest.visit();
    await page.locator("genesys-guest-chat").waitFor({ state: "attached" });
    return page;
  }
  /** What /early.js holds: the page's own script, before the tag. */
  let early = "";
  const hasElement = () => asked.filter((path) => path.endsWith("/element.js")).length;
  const isDefined = (page: Page) => page.waitForFunction(() => Boolean(customElements.get("genesys-guest-chat")));

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(site.demo.reports(), []);
  });

  test("asks for nothing but itself before a hover, a focus, a touch or a click, and leaves nothing", async () => {
    await (await visit("<genesys-guest-chat></genesys-guest-chat>")).waitForLoadState("networkidle");
    const without = asked;
    await guest.context.close();
    const page = await visit();
    await launcher(page).waitFor();
    await page.mouse.move(100, 100);
    await page.waitForLoadState("networkidle");
    assert.deepEqual(asked.toSorted(), [...without, "/dist/loader.js"].toSorted());
    assert.deepEqual(await leavings(site.browser, page), NOTHING);
    assert.equal(await page.locator("genesys-guest-chat").getAttribute("route"), "sales");
  });

  const intents: Record<string, (page: Page) => Promise<unknown>> = {
    hover: (page) => launcher(page).hover(),
    focus: (page) => launcher(page).focus(),
    touch,
    click: (page) => launcher(page).evaluate((button) => (button as HTMLElement).click()),
  };
  for (const [name, act] of Object.entries(intents)) {
    test(`fetches the element on ${name}, once`, async () => {
      const page = await visit();
      await act(page);
      await isDefined(page);
      if (name === "click") await box(page).waitFor();
      else assert.equal(await page.getByRole("dialog").count(), 0);
      assert.equal(hasElement(), 1);
    });
  }

  test("fetches the element at once where a conversation is open, and where this tab had it open", async () => {
    const page = await visit();
    const keep = (until: number) =>
      page.evaluate((until) => localStorage.setItem("genesys-guest-chat", JSON.stringify({ v: 1, until })), until);
    await keep(Date.now() - 1000);
    await page.reload({ waitUntil: "networkidle" });
    assert.equal(hasElement(), 0);
    await keep(Date.now() + 60_000);
    await page.reload();
    await isDefined(page);
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.setItem("genesys-guest-chat:open", "1");
    });
    await page.reload();
    await box(page).waitFor();
  });

  test("opens at once with `open`, and without a launcher it fetches the element for the page's own button", async () => {
    let page = await visit(TAG.replace(" async", " async data-open"));
    await box(page).waitFor();
    await guest.context.close();
    page = await visit(TAG.replace(" async", ' async data-launcher="off"'));
    await isDefined(page);
    assert.equal(await launcher(page).count(), 0);
  });

  test("a click on a slow network opens the chat in the end, once, however often it is clicked", async () => {
    const page = await visit(TAG, { delayMs: 600 });
    await page.evaluate(() => {
      (window as unknown as Host).seen = [];
      document.addEventListener("chat-open", () => (window as unknown as Host).seen.push("open"));
    });
    await launcher(page).click();
    await launcher(page).click();
    assert.equal(await launcher(page).getAttribute("aria-busy"), "true");
    await box(page).waitFor();
    assert.deepEqual(await page.evaluate(() => (window as unknown as Host).seen), ["open"]);
    assert.equal(hasElement(), 1);
    await eventually(async () => assert.equal(await focused(page), "Message"));
  });

  test("a press that lasts while the element arrives is still a click", async () => {
    const page = await visit(TAG, { delayMs: 200 });
    const { x, y } = (await launcher(page).boundingBox()) as { x: number; y: number };
    await page.mouse.move(x + 30, y + 30);
    await page.mouse.down();
    await isDefined(page);
    await page.waitForFunction(() => document.querySelector("genesys-guest-chat")?.shadowRoot?.querySelector(".root"));
    await page.mouse.up();
    await box(page).waitFor();
    assert.equal(await page.getByRole("dialog").count(), 1);
  });

  test("shifts no layout, in a body that is a grid neither, and no frame is without a launcher", async () => {
    early = WATCH;
    const page = await visit(`<script src="/early.js"></script>${TAG}`);
    const before = await page.evaluate(() => document.querySelector("main")?.getBoundingClientRect().top);
    await launcher(page).focus();
    await isDefined(page);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.equal(await page.evaluate(() => document.querySelector("main")?.getBoundingClientRect().top), before);
    const { seen, gaps, begun } = await page.evaluate(() => {
      const { seen, gaps, begun } = window as unknown as Host & { begun: boolean };
      return { seen, gaps, begun };
    });
    assert.deepEqual(seen, []);
    assert.equal(gaps, 0);
    assert.equal(begun, true);
  });

  test("is no long task: its script takes less than 50 ms of a processor", async () => {
    // By the thread's own clock: what other processes take away is not the loader's.
    await site.browser.startTracing(undefined, { categories: ["devtools.timeline"] });
    const page = await visit();
    await launcher(page).waitFor();
    const { traceEvents } = JSON.parse((await site.browser.stopTracing()).toString()) as { traceEvents: Traced[] };
    const runs = traceEvents.filter(
      ({ name, args }) => name === "EvaluateScript" && /loader/.test(args.data?.url ?? ""),
    );
    assert.equal(runs.length, 1);
    assert.ok((runs[0]?.tdur as number) < 50_000, `${runs[0]?.tdur} µs`);
  });

  test("giving its place keeps the focus on the launcher", async () => {
    const page = await visit();
    await launcher(page).focus();
    await isDefined(page);
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.matches(".launcher"));
    assert.equal(await launcher(page).count(), 1);
    assert.equal(await page.locator("genesys-guest-chat").count(), 1);
  });

  test("calls back what was pushed before and after it came, although one throws, and fetches nothing for it", async () => {
    early = `
      window.seen = [];
      window.genesysGuestChat = [() => { throw new Error("of the page"); }, (chat) => seen.push(chat.localName)];
      genesysGuestChat.settings = { customThing: "a", "other-thing": "b", theme: "dark", open: false };`;
    const page = await visit(`<script src="/early.js"></script>${TAG}`);
    await page.evaluate(() => {
      const { genesysGuestChat, seen } = window as unknown as Host;
      genesysGuestChat.push((chat) => seen.push(chat.matches(":defined")));
      genesysGuestChat.ready.then(() => seen.push("ready"));
    });
    assert.equal(hasElement(), 0);
    await launcher(page).hover();
    await page.waitForFunction(() => (window as unknown as Host).seen.length === 3);
    assert.deepEqual(await page.evaluate(() => (window as unknown as Host).seen), [
      "genesys-guest-chat",
      true,
      "ready",
    ]);
    assert.deepEqual(guest.exceptions, ["of the page"]);
    assert.ok(await page.evaluate(() => Object.isFrozen((window as unknown as Host).genesysGuestChat)));
    const names = await page.locator("genesys-guest-chat").evaluate((chat) => chat.getAttributeNames().sort());
    assert.deepEqual(names, ["broker", "custom-thing", "other-thing", "route", "theme"]);
  });

  test("settings serve where a tag manager leaves neither data-* nor currentScript", async () => {
    early = `
      window.genesysGuestChat = { settings: { broker: "/broker", route: "sales", src: "/dist/loader.js?a/b" } };
      import("/dist/loader.js");`;
    const page = await visit('<script async src="/early.js"></script>');
    await launcher(page).click();
    await box(page).waitFor();
  });

  test("a `src` that leads nowhere is said once, and throws nothing into the page", async () => {
    early = `window.genesysGuestChat = { settings: { src: "http://[" } };`;
    const page = await visit(`<script src="/early.js"></script>${TAG}`);
    await launcher(page).click();
    await launcher(page).click();
    await eventually(() =>
      assert.match(guest.console.join(), /^\[genesys-guest-chat\] No element.js beside http:\/\/\[ TypeError[^,]*$/),
    );
    assert.deepEqual(guest.exceptions, []);
    assert.equal(await launcher(page).getAttribute("aria-busy"), null);
  });

  test("markup with its names chooses nothing", async () => {
    const page = await visit(TAG, {
      body: `<a id="genesysGuestChat"></a><img id="genesysGuestChat" name="settings" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt=""><img name="currentScript" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">`,
    });
    await launcher(page).click();
    await box(page).waitFor();
  });

  test("twice on a page it is one chat and a warning; beside an element written by hand it makes no other (row 60)", async () => {
    const page = await visit(TAG + TAG, {
      body: '<genesys-guest-chat id="own" broker="/broker"></genesys-guest-chat>',
    });
    await launcher(page).click();
    await box(page).waitFor();
    assert.equal(await page.locator("genesys-guest-chat").count(), 1);
    assert.equal(await page.locator("#own").getAttribute("route"), null);
    assert.equal(guest.console.filter((line) => /genesys-guest-chat.*Two tags.*remove one/.test(line)).length, 1);
  });

  test("what could not be fetched is said once, and a later click fetches it", async () => {
    const page = await visit();
    await guest.context.route("**/element.js", (route) => route.abort());
    await launcher(page).click();
    await page.waitForFunction(
      () => !document.querySelector("genesys-guest-chat")?.shadowRoot?.querySelector("[aria-busy]"),
    );
    await launcher(page).click();
    await eventually(() => assert.equal(guest.console.filter((line) => line.startsWith("[genesys")).length, 1));
    await guest.context.unroute("**/element.js");
    await launcher(page).click();
    await box(page).waitFor();
    assert.equal(guest.console.filter((line) => line.startsWith("[genesys")).length, 1);
  });

  test("works on a page that may keep nothing", async () => {
    early = `
      for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });`;
    const page = await visit(`<script src="/early.js"></script>${TAG}`);
    await launcher(page).click();
    await box(page).waitFor();
    assert.deepEqual(guest.exceptions, []);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`the painted launcher is the element's to the pixel, ${colorScheme}, on both sides, on a phone and a desk, focused`, async () => {
      for (const [width, height] of [
        [390, 844],
        [1280, 800],
      ] as const) {
        for (const more of ["", ' data-position="start" data-theme="dark"']) {
          const page = await visit(TAG.replace(" async", ` async${more}`), { delayMs: 500 });
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          const clip = { x: more ? 0 : width - 120, y: height - 120, width: 120, height: 120 };
          const shots: Buffer[] = [await page.screenshot({ clip })];
          await launcher(page).focus();
          shots.push(await page.screenshot({ clip }));
          await isDefined(page);
          await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.matches(".launcher"));
          const real = [await page.screenshot({ clip })];
          await page.evaluate(() => (document.activeElement as HTMLElement).blur());
          real.unshift(await page.screenshot({ clip }));
          for (const [index, shot] of shots.entries()) {
            const most = await difference(page, shot, real[index] as Buffer);
            assert.ok(most <= 2, `${width} ${more} ${index ? "focused" : ""}: ${most} of 255`);
          }
          await guest.context.close();
        }
      }
      guest = await site.newGuest();
    });
  }
});
