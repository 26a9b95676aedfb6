/** Consent: what is fetched, kept and run before it, after it and after it is taken back, by the network log and a dump of the storage. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { leavings, NOTHING } from "../support/leavings.ts";
import { eventually, type Guest, openChat, say, shown, useSite } from "../support/site.ts";
import { type Tap, tap } from "../support/tap.ts";

type Chat = HTMLElement & { grantConsent(): Promise<void>; revokeConsent(): Promise<void>; state: { phase: string } };

const TAG = '<script async src="/dist/loader.js" data-broker="/broker" data-route="sales"></script>';
const ASKING = TAG.replace(" async", ' async data-consent="required"');
const MARK = "genesys-guest-chat";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const question = (page: Page) => page.getByRole("group", { name: "Shall we talk?" });
const box = (page: Page) => page.getByRole("textbox", { name: "Message" });
/** Rejects as the method does. */
const call = (page: Page, method: "grantConsent" | "revokeConsent") =>
  page.evaluate((method) => document.querySelector<Chat>("genesys-guest-chat")?.[method](), method);
const phase = (page: Page) => page.evaluate(() => document.querySelector<Chat>("genesys-guest-chat")?.state.phase);

describe("consent", () => {
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
    assert.deepEqual(site.demo.reports(), []);
  });

  /** The demo's page with its tag replaced, in a browser of its own. */
  async function newGuest(tag = ASKING): Promise<void> {
    guest = await site.newGuest();
    line.asked.length = 0;
    line.cut = null;
    line.rewrite = (html) => html.replace(TAG, tag);
  }
  const visit = () => guest.visit(`${line.url}/guest-api.html`);
  /** Of the chat: all but what the page itself is made of. */
  const ofTheChat = () => line.asked.filter((each) => /\/(dist|broker|sandbox)\b/.test(each));
  const guests = async () => (await site.state()).totals.guestsCreated;
  const left = (page: Page) => leavings(site.browser, page);
  /** All but the frame of the database, which holds nothing, and the worker, which ends when it is idle. */
  async function forgotten(page: Page): Promise<void> {
    const { databases, workers: _, ...rest } = await left(page);
    const { databases: _none, workers: _idle, ...nothing } = NOTHING;
    assert.deepEqual(rest, nothing);
    for (const [name, records] of Object.entries(databases)) assert.equal(records, 0, name);
  }

  test("before it: the launcher, the question, and nothing kept, run, or fetched but the script's own files (S28)", async () => {
    await newGuest();
    const page = await visit();
    const created = await guests();
    await button(page, "Open chat").click();
    await question(page).waitFor();
    await page.waitForLoadState("networkidle");
    assert.ok(await question(page).evaluate((group) => group.matches(":focus")));
    const fetched = ofTheChat();
    assert.deepEqual(fetched.slice(0, 2), ["GET /dist/loader.js", "GET /dist/element.js"]);
    assert.match(fetched[2] as string, /^GET \/dist\/asking-[\w-]+\.js$/);
    assert.equal(fetched.length, 3);
    assert.deepEqual(await left(page), NOTHING);
    await button(page, "Not now").click();
    await button(page, "Open chat").waitFor();
    assert.equal(ofTheChat().length, 3);
    assert.deepEqual(await left(page), NOTHING);
    assert.equal(await guests(), created);
  });

  test("agreeing in the panel starts the chat; on the next page the open conversation needs no question", async () => {
    await newGuest();
    let page = await visit();
    await button(page, "Open chat").click();
    await button(page, "Agree and start").click();
    await shown(page, /Welcome to Fernweh/);
    const { localStorage, databases, workers, cookies } = await left(page);
    assert.deepEqual(Object.keys(localStorage), [MARK]);
    assert.equal(Object.keys(databases).length, 1);
    assert.equal(workers.length, 1);
    assert.deepEqual(cookies, []);
    assert.ok(line.asked.includes("POST /broker/v1/sessions"));
    page = await visit();
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
  });

  test("the page agrees for the guest: the panel opens without a question", async () => {
    await newGuest();
    const page = await visit();
    await button(page, "Open chat").hover();
    await page.waitForFunction(() => Boolean(customElements.get("genesys-guest-chat")));
    await call(page, "grantConsent");
    assert.deepEqual(await left(page), NOTHING);
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
  });

  test("taken back: the broker is told, nothing is left, every tab forgets, and the panel asks again (S11) (S28)", async () => {
    await newGuest();
    const page = await visit();
    await button(page, "Open chat").click();
    await button(page, "Agree and start").click();
    await shown(page, /Welcome to Fernweh/);
    await say(page, "my order is late");
    await shown(page, "my order is late");
    const other = await visit();
    await openChat(other);
    await box(other).fill("half a sentence");
    await page.bringToFront();
    await call(page, "revokeConsent");
    assert.equal(line.asked.filter((each) => each === "DELETE /broker/v1/sessions").length, 1);
    assert.equal(await phase(page), "idle");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await forgotten(page);
    await question(other).waitFor();
    await forgotten(other);
    const asked = line.asked.length;
    await page.reload();
    await button(page, "Open chat").click();
    await question(page).waitFor();
    await forgotten(page);
    assert.deepEqual(
      line.asked.slice(asked).filter((each) => /broker/.test(each)),
      [],
    );
    const created = await guests();
    await button(page, "Agree and start").click();
    await shown(page, /Welcome to Fernweh/);
    assert.equal(await page.getByText("my order is late").count(), 0);
    assert.equal(await box(page).inputValue(), "");
    assert.equal(await guests(), created + 1);
  });

  test("taken back without a network: forgotten all the same, and the page is told", async () => {
    await newGuest();
    const page = await visit();
    await button(page, "Open chat").click();
    await button(page, "Agree and start").click();
    await shown(page, /Welcome to Fernweh/);
    line.cut = /broker/;
    await assert.rejects(call(page, "revokeConsent"), /CHAT_BROKER_UNREACHABLE/);
    await forgotten(page);
    await button(page, "Open chat").click();
    await question(page).waitFor();
  });

  test("the same where the session lives in the page", async () => {
    await newGuest(ASKING.replace(" async", ' async data-host="page"'));
    const page = await visit();
    await button(page, "Open chat").click();
    await button(page, "Agree and start").click();
    await shown(page, /Welcome to Fernweh/);
    await call(page, "revokeConsent");
    assert.ok(line.asked.includes("DELETE /broker/v1/sessions"));
    await forgotten(page);
  });

  test("a way to forget where no consent is asked for: other tabs say that the chat was erased", async () => {
    await newGuest(TAG);
    const page = await visit();
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    const other = await visit();
    await openChat(other);
    await call(page, "revokeConsent");
    await other.getByText("This chat was ended and erased.").waitFor();
    await forgotten(other);
    await button(other, "Start new conversation").click();
    await eventually(async () => assert.equal(await phase(other), "live"));
  });
});
