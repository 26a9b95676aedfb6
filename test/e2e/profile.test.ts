/** Who a guest is to an identity provider: a page hands over an ID token, and Genesys has the verified profile on the guest. */
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { generateKeyPair } from "jose";
import type { Page } from "playwright-core";
import { ATTRIBUTES_BYTES, attributesBytes } from "../../src/wire/broker-api.ts";
import { CLIENT, EMAIL, NONCE, serveProvider } from "../support/provider.ts";
import { eventually, type Guest, openChat, say, shown, useSite } from "../support/site.ts";

/** What the page got: the profile, or the error's code and detail. */
interface Outcome {
  profile?: { providerId: string; email?: string; syncedAt: string };
  code?: string;
  detail?: string;
}

interface Chat extends HTMLElement {
  identify(identity: object): Promise<NonNullable<Outcome["profile"]>>;
  setAttributes(attributes: object): Promise<void>;
}

const identify = (page: Page, identity: object): Promise<Outcome> =>
  page.locator("genesys-guest-chat").evaluate(
    (chat, given) =>
      (chat as Chat).identify(given).then(
        (profile): Outcome => ({ profile }),
        ({ code, detail }): Outcome => ({ code, detail }),
      ),
    identity,
  );

const WRITTEN = ["external_provider_id", "external_email", "synced_at", "delegation_verified"];

describe("a guest who signs in", () => {
  let provider: Awaited<ReturnType<typeof serveProvider>>;
  const site = useSite(async () => {
    provider = await serveProvider();
    return { oidc: { issuer: provider.issuer, clientId: CLIENT } };
  });
  const guests: Guest[] = [];

  after(() => provider.close());
  afterEach(async () => {
    await fetch(`${site.demo.url}/sandbox/faults`, { method: "DELETE" });
    await site.control("settings", { guestTokenSeconds: 3600 });
    for (const { context, exceptions, console: lines } of guests.splice(0)) {
      await context.close();
      assert.deepEqual(exceptions, []);
      assert.doesNotMatch(lines.join("\n"), /eyJ|canary/);
    }
    assert.deepEqual(site.demo.reports(), []);
  });

  const visit = async (): Promise<Page> => {
    const guest = await site.newGuest();
    guests.push(guest);
    return guest.visit();
  };
  const begin = async (): Promise<Page> => {
    const page = await visit();
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    return page;
  };
  /** Of the newest guest at Genesys. */
  const attributes = async () => (await site.state()).sessions.at(-1)?.attributes ?? assert.fail("there is no guest");
  const profileOf = (given: Record<string, unknown>) => WRITTEN.map((name) => given[name]);
  const puts = async () => (await site.log()).filter(({ method }) => method === "PUT").length;
  const guestsCreated = async () => (await site.state()).totals.guestsCreated;

  test("is shown to Genesys with the four attributes, and the page gets the profile and no more", async () => {
    const page = await begin();
    const { profile } = await identify(page, { idToken: await provider.sign(), nonce: NONCE });
    assert.ok(profile);
    const { syncedAt } = profile;
    assert.deepEqual(profile, { providerId: provider.issuer, email: EMAIL, syncedAt });
    assert.ok(Math.abs(Date.parse(syncedAt) - Date.now()) < 60_000, syncedAt);
    assert.deepEqual(profileOf(await attributes()), [provider.issuer, EMAIL, syncedAt, true]);
  });

  test("without a verified e-mail is shown without one", async () => {
    const page = await begin();
    const idToken = await provider.sign({ email_verified: false });
    const { profile } = await identify(page, { idToken, nonce: NONCE });
    assert.deepEqual(Object.keys(profile ?? {}), ["providerId", "syncedAt"]);
    const written = await attributes();
    assert.equal(written.external_provider_id, provider.issuer);
    assert.ok(!("external_email" in written));
  });

  test("is still known after the guest token was refreshed, and again after the next one", async () => {
    await site.control("settings", { guestTokenSeconds: 4 });
    const page = await begin();
    const { profile } = await identify(page, { idToken: await provider.sign(), nonce: NONCE });
    const known = await guestsCreated();
    await eventually(async () => assert.ok((await guestsCreated()) >= known + 2), 30_000);
    const next = await attributes();
    assert.ok(next.continued_from);
    assert.deepEqual(profileOf(next), [provider.issuer, EMAIL, profile?.syncedAt, true]);
    await say(page, "still here");
    await shown(page, "still here");
  });

  test("whose guest is gone gets another one, and the same ID token is good for it", async () => {
    const page = await begin();
    const before = await guestsCreated();
    // biome-ignore lint/suspicious/noThenProperty: that is its name in the sandbox's control; nothing awaits it.
    const gone = { match: { kind: "http", method: "PUT", path: "/api/v2/guests/*" }, then: { status: 404 }, times: 1 };
    await site.control("faults", gone);
    const { profile, ...error } = await identify(page, { idToken: await provider.sign(), nonce: NONCE });
    assert.deepEqual(error, {});
    assert.equal(await guestsCreated(), before + 1);
    const written = await attributes();
    assert.ok(written.continued_from);
    assert.deepEqual(profileOf(written), [provider.issuer, EMAIL, profile?.syncedAt, true]);
    await say(page, "found again");
    await shown(page, "found again");
  });

  test("cannot lend the ID token to somebody else", async () => {
    const body = { idToken: await provider.sign(), nonce: NONCE };
    assert.ok((await identify(await begin(), body)).profile);
    const { code, detail } = await identify(await begin(), body);
    assert.equal(code, "CHAT_SIGN_IN_REFUSED");
    assert.match(detail ?? "", /id_token_used/);
    assert.deepEqual(profileOf(await attributes()), [undefined, undefined, undefined, undefined]);
  });

  const forged: [what: string, forge: () => Promise<object>, named: string][] = [
    ["another sign-in's nonce", async () => ({ idToken: await provider.sign(), nonce: "another" }), "nonce"],
    [
      "a signature of somebody else's",
      async () => {
        const { privateKey } = await generateKeyPair("RS256");
        return { idToken: await provider.sign({}, { key: privateKey }), nonce: NONCE };
      },
      "signature",
    ],
    ["a token for another site", async () => ({ idToken: await provider.sign({ aud: "else" }), nonce: NONCE }), "aud"],
    ["a token that is over", async () => ({ idToken: await provider.sign({ exp: 1 }), nonce: NONCE }), "exp"],
  ];
  for (const [what, forge, named] of forged) {
    test(`with ${what} is not believed, and the page is told what is wrong`, async () => {
      const page = await begin();
      const asked = await puts();
      const { code, detail } = await identify(page, await forge());
      assert.equal(code, "CHAT_SIGN_IN_REFUSED");
      assert.match(detail ?? "", new RegExp(`id_token_invalid Not accepted: ${named}\\.`));
      assert.equal(await puts(), asked, "Genesys is not asked");
      await say(page, "and yet we talk");
      await shown(page, "and yet we talk");
    });
  }

  test("and has too much to say is told so with the sizes, before Genesys is asked", async () => {
    const page = await visit();
    await page.getByRole("button", { name: "Open chat" }).hover();
    await page.waitForFunction(() => customElements.get("genesys-guest-chat"));
    const [locale, user_agent] = await page.evaluate(() => [navigator.language, navigator.userAgent]);
    const usual = { source: "custom_widget", locale, user_agent, continued_from: crypto.randomUUID(), cart: "" };
    const cart = "x".repeat(ATTRIBUTES_BYTES - attributesBytes(usual));
    await page.locator("genesys-guest-chat").evaluate((chat, given) => (chat as Chat).setAttributes(given), { cart });
    await openChat(page);
    await shown(page, /Welcome to Fernweh/);
    assert.equal((await attributes()).cart, cart);
    const asked = await puts();
    const { code, detail } = await identify(page, { idToken: await provider.sign(), nonce: NONCE });
    assert.equal(code, "CHAT_ATTRIBUTES_TOO_LARGE");
    assert.match(detail ?? "", /take 10\d{3} bytes of JSON; 10240 are allowed\. Largest: cart \(\d{4,5} bytes\)/);
    assert.equal(await puts(), asked, "Genesys is not asked");
  });
});
