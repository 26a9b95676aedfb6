/** The chat from another origin: what the hub frame shares among a site's tabs, and what it keeps from everybody else. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { after, afterEach, before, describe, test } from "node:test";
import type { Frame, Page } from "playwright-core";
import { leavings, NOTHING } from "../support/leavings.ts";
import { at, eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";
import { type Tap, tap } from "../support/tap.ts";

type Chat = HTMLElement & { openChat(): Promise<void>; revokeConsent(): Promise<void> };
type Watched = Window & { heard: string[]; degraded: string[] };

const hubFrame = (page: Page): Frame | undefined => page.frames().find((frame) => frame.url().endsWith("/hub.html"));
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const call = (page: Page, method: "openChat" | "revokeConsent") =>
  page.evaluate((method) => document.querySelector<Chat>("genesys-guest-chat")?.[method](), method);

/** Runs in the page before all else: what its ports hear, and what a site owner is told. */
function watch(): void {
  const page = window as unknown as Watched;
  Object.assign(page, { heard: [], degraded: [] });
  const { get, set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage") as PropertyDescriptor;
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    get,
    set(listener: ((event: MessageEvent) => void) | null) {
      set?.call(this, (event: MessageEvent) => {
        page.heard.push(JSON.stringify(event.data));
        listener?.call(this, event);
      });
    },
  });
  addEventListener("message", ({ data }) => page.heard.push(JSON.stringify(data)));
  document.addEventListener("chat-degraded", (event) => {
    const { error } = event as Event & { error: { code: string; detail: string } };
    page.degraded.push(`${error.code} ${error.detail}`);
  });
}

describe("the chat from another origin", () => {
  const site = useSite();
  let guest: Guest;
  let line: Tap;

  before(async () => {
    line = await tap(site.demo.url);
  });
  after(() => line.close());
  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.exceptions, []);
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  async function newGuest(): Promise<void> {
    guest = await site.newGuest();
    await guest.context.addInitScript(watch);
  }
  const visit = (name = "shop") => guest.visit(`${at(site.demo.url, name)}/embed.html`);
  /** The page with something else in it: a policy that comes on top of its own, another tag. */
  async function visitChanged(rewrite: (html: string) => string): Promise<Page> {
    line.rewrite = rewrite;
    return guest.visit(`${at(line.url, "shop")}/embed.html`);
  }
  const withPolicy = (policy: string) => (html: string) =>
    html.replace("<head>", `<head><meta http-equiv="Content-Security-Policy" content="${policy}" />`);
  const degraded = (page: Page) => page.evaluate(() => (window as unknown as Watched).degraded);
  const opened = async () => (await site.state()).totals.connectionsOpened;

  test("over a line so slow that the frame takes seconds to come, it is the frame's all the same: tabs share it", async () => {
    await newGuest();
    const before = await opened();
    await guest.context.route("**/hub.js", async (route) => {
      // Longer than a frame that is there may be silent.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await route.continue();
    });
    const tab = await visit();
    await openChat(tab);
    await shown(tab, /Welcome to Fernweh/);
    const other = await visit();
    await openChat(other);
    await shown(other, /Welcome to Fernweh/);
    assert.equal(await opened(), before + 1);
    assert.deepEqual(await degraded(tab), []);
  });

  test("two sites never share a session, not even two names of one site, which share a storage", async () => {
    await newGuest();
    const before = await opened();
    const names = ["shop", "other", "www.shop"];
    const tabs: Page[] = [];
    for (const name of names) {
      const tab = await visit(name);
      await openChat(tab);
      await shown(tab, /Welcome to Fernweh/);
      await say(tab, `hello from ${name}!`);
      await shown(tab, /^Hello! What can I do/);
      tabs.push(tab);
    }
    assert.equal(await opened(), before + 3);
    for (const [index, tab] of tabs.entries()) {
      const said = await transcript(tab)
        .getByText(/^hello from/)
        .allTextContents();
      assert.deepEqual(
        said.map((text) => text.trim()),
        [`hello from ${names[index]}!`],
      );
    }
    const broker = `${at(site.demo.url, "shop")}/broker`;
    const toName = (name: string) => `genesys-guest-chat guest-api ${broker} local ${at(site.demo.url, name)}`;
    const databases = async (tab: Page) =>
      Object.keys((await leavings(site.browser, tab, hubFrame(tab))).databases).sort();
    assert.deepEqual(await databases(tabs[0] as Page), [toName("shop"), toName("www.shop")]);
    assert.deepEqual(await databases(tabs[1] as Page), [toName("other")]);
  });

  test("the page can read neither the token nor the storage of the frame, and there are no cookies (S10) (S11)", async () => {
    await newGuest();
    const page = await visit();
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);

    const frame = await leavings(site.browser, page, hubFrame(page));
    const [records = 0] = Object.values(frame.databases);
    assert.ok(records > 3, "the frame keeps the session");
    const own = await leavings(site.browser, page);
    assert.deepEqual(own.databases, {});
    assert.deepEqual(Object.keys(own.localStorage), ["genesys-guest-chat"]);
    assert.doesNotMatch(JSON.stringify([own.localStorage, own.sessionStorage]), /eyJ|Polaris|lamps/);
    assert.deepEqual([own.cookies, frame.localStorage, frame.sessionStorage], [[], {}, {}]);

    const reached = await page.evaluate(() => {
      const frame = document.querySelector("iframe") as HTMLIFrameElement;
      const attempt = (use: () => unknown) => {
        try {
          return String(use());
        } catch (error) {
          return (error as Error).name;
        }
      };
      return [
        attempt(() => frame.contentDocument),
        attempt(() => frame.contentWindow?.indexedDB),
        attempt(() => frame.contentWindow?.document),
        attempt(() => (frame.contentWindow as unknown as { SharedWorker: unknown }).SharedWorker),
      ];
    });
    assert.deepEqual(reached, ["null", "SecurityError", "SecurityError", "SecurityError"]);

    const heard = (await page.evaluate(() => (window as unknown as Watched).heard)).join("\n");
    assert.match(heard, /The Polaris lamp/);
    assert.doesNotMatch(heard, /eyJ|ticket|guestToken|Bearer|ws:/);
    const fetched = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.deepEqual(
      fetched.filter((url) => url.includes("/broker")),
      [],
    );
  });

  test("a policy that lets the page connect to nothing and start no worker is enough for the frame", async () => {
    await newGuest();
    const page = await visitChanged(withPolicy("connect-src 'none'; worker-src 'none'"));
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    assert.deepEqual(await degraded(page), []);
    assert.deepEqual(guest.complaints, []);
  });

  test("over a reload, and back from another page, the conversation is there and goes on", async () => {
    await newGuest();
    const page = await visit();
    await openChat(page);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await page.reload();
    await shown(page, /^Hello! What can I do/);
    await page.goto(`${at(site.demo.url, "shop")}/shop/lamps.html`);
    // Playwright's own goBack waits for a load that a page from the back/forward cache does not have.
    await page.evaluate(() => history.back());
    await page.waitForURL(/embed/, { waitUntil: "commit" });
    await shown(page, /^Hello! What can I do/);
    await say(page, "thanks");
    await shown(page, /^You are welcome/);
    assert.equal(await page.locator("iframe").count(), 1);
  });

  test("before consent nothing of the frame is fetched; taken back, nothing is left in it (S28)", async () => {
    await newGuest();
    const asked: string[] = [];
    guest.context.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const page = await visitChanged((html) => html.replace(" async", ' async data-consent="required"'));
    await button(page, "Open chat").click();
    await page.getByRole("group", { name: "Shall we talk?" }).waitFor();
    await page.waitForLoadState("networkidle");
    const ofTheChat = asked.filter((path) => path.startsWith("/dist/") || path.startsWith("/broker"));
    assert.deepEqual(ofTheChat.slice(0, 2), ["/dist/loader.js", "/dist/element.js"]);
    assert.match(ofTheChat.slice(2).join(), /^\/dist\/asking-[\w-]+\.js$/);
    assert.deepEqual(await leavings(site.browser, page), NOTHING);
    assert.equal(page.frames().length, 1);

    await button(page, "Agree and start").click();
    await shown(page, /Welcome to Fernweh/);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
    await call(page, "revokeConsent");
    assert.equal(await records(page), 0);
    const { localStorage, sessionStorage, cookies } = await leavings(site.browser, page);
    assert.deepEqual([localStorage, sessionStorage, cookies], [{}, {}, []]);
  });

  test("forgotten on a page where the chat was not opened, nothing is left in the frame either", async () => {
    await newGuest();
    let page = await visit();
    await openChat(page);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
    await call(page, "openChat");
    // The conversation is over, and only the frame still has it.
    await site.control("agent", { do: "leave" });
    await page.getByRole("button", { name: "Start new conversation" }).waitFor();
    await button(page, "Close chat").click();
    await page.close();
    page = await visit();
    await button(page, "Open chat").hover();
    await page.waitForFunction(() => Boolean(customElements.get("genesys-guest-chat")));
    assert.ok((await records(page)) > 0);
    await call(page, "revokeConsent");
    assert.equal(await records(page), 0);
  });

  /** What the frame's origin keeps for this site, as seen from a frame of the test's own. */
  async function records(page: Page): Promise<number> {
    const src = `${at(site.demo.url, "cdn")}/dist/hub.html?look`;
    await page.evaluate(
      (src) =>
        new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.addEventListener("load", resolve);
          frame.src = src;
          document.body.append(frame);
        }),
      src,
    );
    const frame = page.frames().find((each) => each.url() === src);
    const { databases } = await leavings(site.browser, page, frame);
    await page.evaluate((src) => document.querySelector(`iframe[src="${src}"]`)?.remove(), src);
    return Object.values(databases).reduce((sum, count) => sum + count, 0);
  }
});

describe("a site that the broker does not list", () => {
  let guest: Guest;
  const site = useSite(async () => {
    const port = await freePort();
    return { port, allowedOrigins: [`http://cdn.localhost:${port}`, `http://shop.localhost:${port}`] };
  });

  test("is refused by its own name, though the frame's is listed; a listed one is served", async () => {
    guest = await site.newGuest();
    const codes = async (name: string) => {
      const page = await guest.visit(`${at(site.demo.url, name)}/embed.html`);
      await button(page, "Open chat").click();
      return page;
    };
    await shown(await codes("shop"), /Welcome to Fernweh/);
    const page = await codes("other");
    await page.getByText("The chat is not available on this page.").first().waitFor();
    await eventually(() =>
      assert.match(guest.console.join("\n"), /CHAT_NOT_ALLOWED: 403 origin_not_allowed X-Embedder-Origin/),
    );
    assert.equal((await site.state()).totals.guestsCreated, 1);
    await guest.context.close();
  });
});

/** One that nobody listens on: the list of origins is needed before there is a server. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
