/** What is wrong is told: a sentence with its code for the site owner, one for the guest, and nothing typed is lost. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { serve } from "../../demo/serve.ts";
import { embed } from "../support/scenes.ts";
import { eventually, type Guest, openChat, say, shown, transcript, useSite } from "../support/site.ts";

/** The console's line with this code, once it is there: what the site owner reads. */
const told = (guest: Guest, code: string): Promise<string> =>
  eventually(() => {
    const line = guest.console.find((each) => each.includes(`[genesys-guest-chat] ${code}`));
    assert.ok(line, `nothing of ${code} in: ${guest.console.join("\n")}`);
    return line;
  });

const says = (page: Page, text: string | RegExp) =>
  page.getByRole("dialog", { name: "Chat" }).getByText(text).first().waitFor();

/** A broker's answer as the page's own network would bring it. */
const answer = (page: Page, status: number, body: string, type = "application/json") =>
  page.route("**/v1/sessions", (route) => route.fulfill({ status, body, contentType: type }));

const token = (claims: object): string =>
  ["{}", JSON.stringify(claims), "x"].map((part) => Buffer.from(part).toString("base64url")).join(".");

const sessionWith = (guestToken: string): string =>
  JSON.stringify({
    guestId: "g",
    sessionId: "s",
    guestToken,
    expiresAt: Date.now() + 3_600_000,
    socketUrl: "ws://127.0.0.1/ws",
    ticket: "t",
    now: Date.now(),
  });

describe("trouble", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await site.control("settings", { refuseSockets: false });
    await guest.context.close();
    // The host page never sees an exception of ours.
    assert.deepEqual(guest.exceptions, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  const visit = async (path = "/"): Promise<Page> => {
    guest = await site.newGuest();
    return guest.visit(path);
  };

  test("neither broker nor deployment: the console names the attributes, the guest reads that it is not set up", async () => {
    const page = await visit();
    await embed(page, {});
    assert.match(await told(guest, "CHAT_CONFIGURATION"), /`broker`.*`deployment-id`/);
    await says(page, "The chat is not set up on this page yet.");
  });

  test("the broker cannot be reached: what is typed is kept and sent when it can", async () => {
    const page = await visit();
    await page.route("**/v1/sessions", (route) => route.abort());
    await embed(page, { broker: "/broker", host: "page" });
    assert.match(await told(guest, "CHAT_BROKER_UNREACHABLE"), /ALLOWED_ORIGINS.*connect-src/);
    await says(page, /What you write is kept and will be sent/);
    await say(page, "hello");
    await shown(page, "hello");
    await page.unroute("**/v1/sessions");
    await shown(page, /^Hello! What can I do/, 40_000);
  });

  test("a chunk of the element cannot be had: the choices can be read, and chosen once it can", async () => {
    const page = await visit("/guest-api.html");
    await page.route("**/dist/later-*", (route) => route.abort());
    await openChat(page);
    await says(page, "Where is my order?");
    assert.equal(await page.getByRole("button", { name: "Returns" }).count(), 0);
    await page.unroute("**/dist/later-*");
    // Asked for again when something new is shown, some seconds later.
    await eventually(async () => {
      await page.getByRole("textbox", { name: "Message" }).press("a");
      assert.equal(await page.getByRole("button", { name: "Returns" }).count(), 1);
    }, 20_000);
    await page.getByRole("button", { name: "Returns" }).click();
    await shown(page, "Returns");
  });

  test("the broker refuses the page's origin: the console says what to add where", async () => {
    guest = await site.newGuest();
    const closed = await serve({ allowedOrigins: ["https://another.example"] });
    try {
      const page = await guest.visit(`${closed.url}/guest-api.html`);
      await page.getByRole("button", { name: "Open chat" }).click();
      assert.match(await told(guest, "CHAT_NOT_ALLOWED"), /ALLOWED_ORIGINS/);
      await says(page, "The chat is not available on this page.");
      await page.getByRole("button", { name: "Try again" }).waitFor();
    } finally {
      await guest.context.close();
      await closed.close();
    }
  });

  test("what answers is no broker but a portal's page: it is tried again, nothing throws (row 15)", async () => {
    const page = await visit();
    await answer(page, 200, "<html>Please log in</html>", "text/html");
    await embed(page, { broker: "/broker", host: "page" });
    assert.match(await told(guest, "CHAT_BROKER_INVALID"), /is not a broker/);
    await says(page, /What you write is kept and will be sent/);
  });

  for (const [what, bad, named] of [
    ["without routing hints", token({ sub: "g", iat: 1, exp: 4e9, attributes: {} }), /routing_hints is missing/],
    [
      "that has run out",
      token({ sub: "g", iat: 1, exp: 2, routing_hints: { q: "1" }, attributes: {} }),
      /exp is in the past/,
    ],
    ["that is none", "not-a-token", /payload is missing or malformed/],
  ] as const) {
    test(`a guest token ${what}: the console names the claim, the guest can try again`, async () => {
      const page = await visit();
      await answer(page, 201, sessionWith(bad));
      await embed(page, { broker: "/broker", host: "page" });
      assert.match(await told(guest, "CHAT_TOKEN_INVALID"), named);
      await page.unroute("**/v1/sessions");
      await page.getByRole("button", { name: "Try again" }).click();
      await shown(page, /Welcome to Fernweh/);
    });
  }

  test("attributes over 10 KB: the console names the largest, and no guest is made", async () => {
    const page = await visit();
    const { guestsCreated } = (await site.state()).totals;
    await embed(page, { broker: "/broker" }, { customAttributes: { basket: "x".repeat(11_000), small: "y" } });
    assert.match(await told(guest, "CHAT_ATTRIBUTES_TOO_LARGE"), /basket \(11002 bytes\)/);
    assert.equal((await site.state()).totals.guestsCreated, guestsCreated);
  });

  test("attributes that only the broker may write: refused by name", async () => {
    const page = await visit();
    await embed(page, { broker: "/broker" }, { customAttributes: { delegation_verified: true } });
    assert.match(await told(guest, "CHAT_REFUSED"), /reserved_attribute.*delegation_verified/);
  });

  test("a text over the limit stays in the box, with how much too long it is", async () => {
    const page = await visit("/guest-api.html");
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    const text = "long ".repeat(900);
    await say(page, text);
    await says(page, /This message is too long/);
    assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), text);
    assert.equal(await transcript(page).getByText("long long").count(), 0);
  });

  test("storage is blocked: the chat works, and both are told (row 47)", async () => {
    guest = await site.newGuest();
    await guest.context.addInitScript(() => {
      const blocked = {
        get() {
          throw new DOMException("blocked", "SecurityError");
        },
      };
      for (const name of ["localStorage", "sessionStorage", "indexedDB"])
        Object.defineProperty(globalThis, name, blocked);
    });
    const page = await guest.visit("/");
    await embed(page, { broker: "/broker", host: "page" });
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    assert.match(await told(guest, "CHAT_STORAGE_BLOCKED"), /blocks storage/);
    await says(page, /Your browser blocks storage/);
  });

  test("a network that lets HTTP through and no socket is told as such; the text goes once it can (row 14)", async () => {
    const page = await visit("/guest-api.html");
    await site.control("settings", { refuseSockets: true });
    await openChat(page);
    await say(page, "hello");
    await says(page, /This network blocks live chat/);
    assert.match(await told(guest, "CHAT_SOCKET_BLOCKED"), /wss/);
    await shown(page, "hello");
    await site.control("settings", { refuseSockets: false });
    await shown(page, /^Hello! What can I do/, 40_000);
    assert.equal(await transcript(page).getByText("hello", { exact: true }).count(), 1);
  });
});
