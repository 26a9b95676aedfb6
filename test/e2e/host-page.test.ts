/** Pages that are not ours alone: with a Lit of their own under Trusted Types, with two versions of the chat, or with the chat twice. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { VERSION } from "../../src/version.ts";
import { distFiles, readDist } from "../support/dist.ts";
import { leavings } from "../support/leavings.ts";
import { type Guest, openChat, say, shown, useSite } from "../support/site.ts";
import { type Tap, tap } from "../support/tap.ts";

const OTHER_VERSION = "0.0.9";
const SCRIPT = "text/javascript";
const LOADER = '<script async src="/dist/loader.js" data-broker="/broker" data-route="sales"></script>';
const BY_HAND = '<genesys-guest-chat broker="/broker" route="sales"></genesys-guest-chat>';

const toModule = (src: string): string => `<script type="module" src="${src}"></script>`;
const ofTheOther = (tag: string): string => tag.replace("/dist/", "/other/");
const ELEMENT = toModule("/dist/element.js");

/** Of the page's own Lit, one file without imports, as npm has it. */
const lit = (): string =>
  readFileSync(
    createRequire(import.meta.url)
      .resolve("lit-html")
      .replace("node/", ""),
    "utf8",
  );
const PAGE_SCRIPT = `
  import { html, render } from "/page/lit.js";
  const show = (name) => render(html\`<p>Made by the page's Lit: \${name}</p>\`, document.querySelector("main"));
  show("first");
  window.again = () => show("again");`;

const OWN = `customElements.define("genesys-guest-chat", class extends HTMLElement { connectedCallback() { this.append("not the chat"); } })`;

describe("a page that is not ours alone", () => {
  const site = useSite();
  let line: Tap;
  let guest: Guest;

  before(async () => {
    const files = distFiles().filter((file) => file.endsWith(".js"));
    const other = new Map(files.map((file) => [`/other/${file}`, readDist(file).replaceAll(VERSION, OTHER_VERSION)]));
    assert.ok(other.get("/other/element.js")?.includes(`"${OTHER_VERSION}"`), "it is another version");
    const pages: Record<string, string> = {
      "/page/lit.js": lit(),
      "/page/script.js": PAGE_SCRIPT,
      "/page/own.js": OWN,
    };
    line = await tap(site.demo.url);
    line.instead = (path) => {
      if (path === "/page.html") return { type: "text/html", text: html };
      const text = other.get(path) ?? pages[path];
      return text === undefined ? undefined : { type: SCRIPT, text };
    };
    line.policy = (path) => (path === "/page.html" ? STRICT : undefined);
  });
  after(() => line.close());
  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.exceptions, []);
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  /** Nobody may make a second policy of a name. */
  const STRICT = `default-src 'none'; script-src 'self'; worker-src 'self'; require-trusted-types-for 'script';
    trusted-types lit-html genesys-guest-chat; report-uri /csp-report`.replace(/\s+/g, " ");
  let html = "";

  async function visit(head: string, body = ""): Promise<Page> {
    html = `<!doctype html><html lang="en"><title>A page</title>${head}<main></main>${body}</html>`;
    guest = await site.newGuest();
    return guest.visit(`${line.url}/page.html`);
  }

  async function talk(page: Page): Promise<void> {
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
  }

  /** Who has the chat: the version of the worker, of which there is one, as there is one connection and one element. */
  async function versionOf(page: Page): Promise<string | null> {
    assert.equal(await page.locator("genesys-guest-chat").count(), 1);
    assert.equal(await page.getByRole("button", { name: "Close chat" }).count(), 1);
    assert.equal((await site.state()).connections.length, 1);
    const { workers } = await leavings(site.browser, page);
    assert.equal(workers.length, 1);
    return new URL(workers[0] as string).searchParams.get("v");
  }
  const warnings = () => guest.console.filter((text) => text.startsWith("[genesys-guest-chat]"));

  for (const [when, tags] of [
    ["before", toModule("/page/script.js") + ELEMENT],
    ["after", ELEMENT + toModule("/page/script.js")],
  ] as const) {
    test(`a page's own Lit, loaded ${when} the chat, keeps its Trusted Types policy, and both work (S24)`, async () => {
      const page = await visit(tags, BY_HAND);
      await page.getByText("Made by the page's Lit: first").waitFor();
      await talk(page);
      await page.evaluate(() => (window as unknown as { again(): void }).again());
      await page.getByText("Made by the page's Lit: again").waitFor();
      assert.deepEqual(guest.complaints, []);
    });
  }

  test("the tags of two versions are one chat of the first, one connection and a warning (row 60) (S24)", async () => {
    const page = await visit(LOADER.replace(" async", "") + ofTheOther(LOADER).replace(" async", ""));
    await talk(page);
    assert.equal(await versionOf(page), VERSION);
    assert.deepEqual(warnings(), ["[genesys-guest-chat] Two tags: remove one."]);
    assert.ok(!line.asked.includes("GET /other/element.js"));
  });

  for (const [first, tags] of [
    [VERSION, ELEMENT + ofTheOther(ELEMENT)],
    [OTHER_VERSION, ofTheOther(ELEMENT) + ELEMENT],
  ] as const) {
    test(`the scripts of two versions, ${first} first: that one stays, and the other warns (row 60) (S24)`, async () => {
      const page = await visit(tags, BY_HAND);
      await talk(page);
      assert.equal(await versionOf(page), first);
      assert.deepEqual(warnings(), ["[genesys-guest-chat] Defined twice."]);
    });
  }

  test("the tag of one version beside the script of another is one chat and one connection (row 60)", async () => {
    const page = await visit(LOADER + ofTheOther(ELEMENT));
    await talk(page);
    await versionOf(page);
  });

  test("an element of the page's own with our name is left alone, and nothing throws (row 60)", async () => {
    const page = await visit(toModule("/page/own.js") + ELEMENT, BY_HAND);
    await page.getByText("not the chat").waitFor();
    await page.waitForLoadState("networkidle");
    assert.deepEqual(warnings(), ["[genesys-guest-chat] Defined twice."]);
    assert.equal((await site.state()).connections.length, 0);
  });
});
