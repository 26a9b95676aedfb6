/** The smallest policy for each place that the session may live in: it is enough, and without a part of it the chat breaks as the README says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { leavings } from "../support/leavings.ts";
import { type Breach, type File, type Place, type Policies, ROWS, type Row, toPolicy } from "../support/policies.ts";
import { eventually, type Guest, openChat, say, shown, useSite } from "../support/site.ts";
import { type Tap, tap } from "../support/tap.ts";

const REPORTS = "/csp-report";
type Report = { "csp-report": { "effective-directive": string } };

describe("the smallest policy for", () => {
  const site = useSite();
  let line: Tap;
  let guest: Guest;
  let html = "";
  let policies: Policies = {};
  /** Reports of tests before. */
  let heard = 0;

  before(async () => {
    line = await tap(site.demo.url);
    line.instead = (path) => {
      if (path === "/page.html") return { type: "text/html", text: html };
      if (path !== "/chat-worker.js") return undefined;
      return { type: "text/javascript", text: `import "${at("cdn")}/dist/worker.js";` };
    };
    line.policy = (path) => {
      const directives = policies[path.replace("/page.html", "page").replace(/^\/(dist\/)?/, "") as File];
      return directives && fill(toPolicy(directives, REPORTS));
    };
  });
  after(() => line.close());
  afterEach(async () => {
    await guest.context.close();
    await site.control("sockets/close", { code: 1000 });
  });

  const at = (name: string): string => `http://${name}.localhost:${new URL(line.url).port}`;
  /** The README's names, as they are here. The broker is of another origin than the page. */
  const fill = (policy: string): string =>
    policy
      .replaceAll("https://shop.example", at("shop"))
      .replaceAll("https://cdn.example", at("cdn"))
      .replaceAll("https://broker.example", site.demo.url)
      .replaceAll("wss://acme.mypurecloud.com", site.demo.url.replace("http", "ws"));

  async function visit({ isElsewhere, attributes = "", enough }: Row, change: Policies = {}): Promise<Page> {
    policies = {};
    for (const file of Object.keys(enough) as File[]) policies[file] = { ...enough[file], ...change[file] };
    const src = `${isElsewhere ? at("cdn") : ""}/dist/loader.js`;
    html = `<!doctype html><html lang="en"><title>A page</title><main></main>
      <script async src="${src}" data-broker="${site.demo.url}/broker" data-route="sales" ${attributes}></script></html>`;
    heard = site.demo.reports().length;
    guest = await site.newGuest();
    return guest.visit(`${at("shop")}/page.html`);
  }

  async function placeOf(page: Page): Promise<Place | "nowhere"> {
    if (page.frames().length > 1) return "frame";
    if ((await leavings(site.browser, page)).workers.length > 0) return "worker";
    const { held = [] } = await page.evaluate(() => navigator.locks.query());
    if (held.some(({ name }) => name?.startsWith("genesys-guest-chat guest-api"))) return "tab";
    return (await site.state()).connections.length > 0 ? "page" : "nowhere";
  }

  const reported = (): string[] => {
    const reports = site.demo.reports().slice(heard) as Report[];
    return [...new Set(reports.map((report) => report["csp-report"]["effective-directive"]))].sort();
  };

  async function talk(page: Page): Promise<void> {
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
  }

  async function see(page: Page, sees: Breach["sees"]): Promise<void> {
    const launcher = page.getByRole("button", { name: "Open chat" });
    if (sees === "a talk") return talk(page);
    if (sees === "no launcher") {
      await page.waitForLoadState("networkidle");
      return assert.equal(await launcher.count(), 0);
    }
    await launcher.click();
    // As long as it takes to find out: a network that opens no socket is tried three times.
    if (sees instanceof RegExp) return page.getByText(sees).first().waitFor({ timeout: 45_000 });
    await eventually(() => assert.ok(reported().length > 0));
    await page.waitForLoadState("networkidle");
    await launcher.click();
    assert.equal(await page.getByRole("dialog").count(), 0);
  }

  for (const row of ROWS) {
    test(`${row.name} is enough: nothing is reported or complained of (S24)`, async () => {
      const page = await visit(row);
      await talk(page);
      assert.equal(await placeOf(page), row.place);
      assert.deepEqual(reported(), []);
      assert.deepEqual(guest.complaints, []);
    });

    for (const { what, change, sees, place, told, reports } of row.breaches) {
      const isLower = sees === "a talk" && place !== row.place;
      test(`${row.name}: where ${what}, the guest comes to ${sees} (S24)${isLower ? " (row 52)" : ""}`, async () => {
        const page = await visit(row, change);
        await see(page, sees);
        assert.equal(await placeOf(page), place);
        await eventually(() => assert.deepEqual(reported(), reports));
        if (told) await eventually(() => assert.match(guest.console.join("\n"), told));
      });
    }
  }
});

test("the README has each of them, in its table", () => {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8").replace(/`/g, "");
  for (const { name, enough } of ROWS) {
    for (const directives of Object.values(enough)) {
      const { "require-trusted-types-for": _, ...given } = directives;
      const text = Object.entries(given).map((each) => each.join(" "));
      assert.ok(readme.includes(text.join("; ")), `${name}: ${text.join("; ")}`);
    }
  }
});
