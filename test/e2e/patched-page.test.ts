/** Pages that have replaced what the language and the browser gave them, before the chat or after it: what the chat stands on is elsewhere. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";
import { type Tap, tap } from "../support/tap.ts";

const LOADER = '<script async src="/dist/loader.js"';

/** What libraries of their time did, by the name of who did it. Each is a script of the page's. */
const PATCHES: Record<string, string> = {
  "fetch, WebSocket and XMLHttpRequest that throw": `
    window.used = [];
    for (const name of ["fetch", "WebSocket", "XMLHttpRequest", "EventSource"])
      window[name] = function () { used.push(name); throw new Error(name + " is the page's"); };`,
  "JSON of old Prototype.js, which writes texts and lists twice": `
    const { stringify } = JSON;
    Array.prototype.toJSON = function () { return "[" + this.map((each) => stringify(each)).join(", ") + "]"; };
    String.prototype.toJSON = function () { return '"' + this + '"'; };`,
  "JSON that throws": `
    JSON.stringify = JSON.parse = () => { throw new Error("JSON is the page's"); };`,
  "a Promise of its own, without finally and the rest": `
    const { Promise: Native } = window;
    window.Promise = function (start) {
      const own = new Native(start);
      this.then = (...both) => own.then(...both);
      this.catch = (fail) => own.catch(fail);
    };
    Promise.resolve = (value) => new Promise((resolve) => resolve(value));
    Promise.reject = (why) => new Promise((_, reject) => reject(why));
    delete Native.prototype.finally;`,
  "lists that can more, seen by for-in": `
    for (const name of ["each", "contains", "last", "extend", "clone", "remove"])
      Array.prototype[name] = Object.prototype[name] = function () { return this; };`,
  "Array methods that know lists alone": `
    Array.from = (list) => { const copy = []; for (let at = 0; at < (list.length || 0); at++) copy.push(list[at]); return copy; };
    Array.prototype.entries = function () { return this.slice(); };
    Array.prototype.filter = function (test) { const copy = []; for (let at = 0; at < this.length; at++) if (test(this[at])) copy.push(this[at]); return copy; };
    Object.assign = (to, ...from) => { for (const each of from) for (const key in each) to[key] = each[key]; return to; };`,
};

describe("a page that has replaced", () => {
  const site = useSite();
  let line: Tap;
  let guest: Guest;

  before(async () => {
    line = await tap(site.demo.url);
  });
  after(() => line.close());
  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.exceptions, []);
    await site.control("sockets/close", { code: 1000 });
  });

  /** `early`: what the page does before the chat is there. */
  async function visit(early: string): Promise<Page> {
    line.rewrite = (html) => html.replace(LOADER, `<script src="/early.js"></script>${LOADER}`);
    line.instead = (path) => (path === "/early.js" ? { type: "text/javascript", text: `{${early}}` } : undefined);
    guest = await site.newGuest();
    return guest.visit(`${line.url}/guest-api.html`);
  }

  async function talk(page: Page): Promise<void> {
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
    await page.reload();
    await shown(page, /^The Polaris lamp/);
    await say(page, "thanks");
    await shown(page, /^You are welcome/);
    assert.equal(await transcript(page).getByText("lamps", { exact: true }).count(), 1);
    assert.equal((await site.state()).connections.length, 1);
  }

  test("JSON of old Prototype.js: a text that no hub has taken is sent after a reload, once, as it was typed (row 82)", async () => {
    const page = await visit(PATCHES["JSON of old Prototype.js, which writes texts and lists twice"] as string);
    const rewrite = line.rewrite;
    // Without its worker there is no hub, and nowhere else to go.
    line.rewrite = (html) => rewrite(html).replace(LOADER, `${LOADER} data-host="worker"`);
    line.cut = /worker\.js/;
    await page.reload();
    await openChat(page);
    await say(page, 'my "late" order');
    await shown(page, 'my "late" order');
    line.cut = null;
    await page.reload();
    await eventually(async () => {
      const texts = (await site.state()).sessions.flatMap(({ messages }) => messages).map(({ text }) => text);
      assert.deepEqual(
        texts.filter((text) => /late/.test(text ?? "")),
        ['my "late" order'],
      );
    });
  });

  for (const [what, script] of Object.entries(PATCHES)) {
    test(`${what}, before the chat is there: the guest talks, over a reload too (row 82)`, async () => {
      const page = await visit(script);
      await talk(page);
      assert.deepEqual(await page.evaluate("window.used ?? []"), []);
      await page.evaluate("document.querySelector('genesys-guest-chat').revokeConsent()");
      assert.equal(await page.getByRole("dialog").count(), 0);
    });

    test(`${what}, after the chat is there: the guest talks on (row 82)`, async () => {
      const page = await visit("");
      await openChat(page);
      await shown(page, /Welcome to Fernweh/);
      await page.evaluate(`{${script}}`);
      await say(page, "lamps");
      await shown(page, /^The Polaris lamp/);
      await page.getByRole("button", { name: "Close chat" }).first().click();
      await openChat(page);
      await say(page, "thanks");
      await shown(page, /^You are welcome/);
      assert.deepEqual(await page.evaluate("window.used ?? []"), []);
    });
  }
});
