/** A guest signs in at a real OpenID provider, in a real pop-up, and Genesys exchanges what comes back. */
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { pagePolicy } from "../../demo/policy.ts";
import { demoDeployment } from "../../src/sandbox/web-messaging/demo-deployment.ts";
import { eventually, type Guest, type Site, useSite } from "../support/site.ts";

const TOKEN = "/api/v2/webdeployments/token";

interface SignedIn {
  code: string;
  redirectUri: string;
  codeVerifier: string;
  nonce: string;
}
type Outcome = SignedIn | { failed: string };

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<script type="module" src="/shop-with-sign-in.js"></script></head>
<body><button id="sign-in">Sign in</button><output></output></body></html>`;

/** What a site writes. */
const script = (options: object) => `
  import { signIn } from "/dist/sign-in.js";
  document.querySelector("#sign-in").addEventListener("click", async () => {
    const output = document.querySelector("output");
    output.value = "";
    const outcome = await signIn(${JSON.stringify(options)}).catch((error) => ({ failed: error.message }));
    output.value = JSON.stringify(outcome);
  });`;

/** A page of the demo's origin, under its policy. `isAway`: the guest is where the pop-up is; Playwright gives focus to all pages. */
async function openShop(
  site: Site,
  guest: Guest,
  {
    options = {},
    headers = {},
    isAway = false,
  }: { options?: object; headers?: Record<string, string>; isAway?: boolean } = {},
): Promise<Page> {
  const { identityProvider, url } = site.demo;
  assert.ok(identityProvider);
  const { clientId, authorizationEndpoint } = identityProvider;
  const usual = { authorizationEndpoint, clientId, redirectUri: "/dist/callback.html", scope: "openid profile email" };
  await guest.context.route("**/shop-with-sign-in.*", (route) => {
    const isScript = route.request().url().endsWith(".js");
    const policy = pagePolicy(url.replace(/^http/, "ws"));
    return route.fulfill({
      contentType: isScript ? "text/javascript" : "text/html",
      headers: { "Content-Security-Policy": policy, ...headers },
      body: isScript ? script({ ...usual, ...options }) : HTML,
    });
  });
  // A page that was put in place of an answer has no address, and Chromium asks before such a one reaches this machine.
  await guest.context.grantPermissions(["local-network-access"]);
  const page = await guest.visit("/shop-with-sign-in.html");
  if (isAway) await page.evaluate(() => Object.assign(document, { hasFocus: () => false }));
  return page;
}

async function click(page: Page): Promise<Page> {
  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("button", { name: "Sign in" }).click(),
  ]);
  return popup;
}

async function fill(popup: Page, name: string): Promise<void> {
  await popup.getByRole("textbox", { name: "Your name" }).fill(name);
  await popup.getByRole("button", { name: "Sign in" }).click();
}

async function outcome(page: Page): Promise<Outcome> {
  const output = page.locator("output");
  await eventually(async () => assert.notEqual(await output.textContent(), ""), 15_000);
  return JSON.parse((await output.textContent()) as string) as Outcome;
}

async function signedIn(page: Page): Promise<SignedIn> {
  const result = await outcome(page);
  assert.ok("code" in result, JSON.stringify(result));
  return result;
}

for (const severs of [true, false]) {
  describe(`at a provider whose pages ${severs ? "cut themselves off from who has opened them" : "stay in touch with who has opened them"}`, () => {
    const site = useSite(() => ({ signIn: { severs } }));
    const guests: Guest[] = [];
    after(() => assert.deepEqual(site.demo.reports(), []));
    afterEach(async () => {
      for (const { context, exceptions } of guests.splice(0)) {
        await context.close();
        assert.deepEqual(exceptions, []);
      }
    });
    const open = async (more: Parameters<typeof openShop>[2] = {}): Promise<Page> => {
      const guest = await site.newGuest();
      guests.push(guest);
      return openShop(site, guest, { isAway: severs, ...more });
    };
    const post = (path: string, body: object) =>
      fetch(site.demo.url + TOKEN + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const exchange = (oauth: object) => post("/oauthcodegrantjwtexchange", { deploymentId: demoDeployment.id, oauth });

    test("a guest signs in, the pop-up goes, and Genesys exchanges the code, refreshes and revokes what it gave", async () => {
      const page = await open();
      const popup = await click(page);
      const gone = popup.waitForEvent("close");
      await fill(popup, "Ada Guest");
      const { nonce, ...oauth } = await signedIn(page);
      await gone;
      const response = await exchange({ ...oauth, nonce });
      assert.equal(response.status, 200, await response.clone().text());
      const { jwt, refreshToken } = (await response.json()) as { jwt: string; refreshToken: string };
      assert.ok(jwt && refreshToken);
      assert.equal((await post("/refresh", { refreshToken })).status, 200);
      const headers = { authorization: `Bearer ${jwt}` };
      assert.equal((await fetch(`${site.demo.url}${TOKEN}/revoke`, { method: "DELETE", headers })).status, 204);
      assert.equal((await post("/refresh", { refreshToken })).status, 401);
    });

    test("the code is of no use to who has not the verifier, nor a second time", async () => {
      const page = await open();
      await fill(await click(page), "Ada Guest");
      const { codeVerifier, ...stolen } = await signedIn(page);
      assert.equal((await exchange(stolen)).status, 401);
      assert.equal((await exchange({ ...stolen, codeVerifier: "x".repeat(43) })).status, 401);
    });

    test("a guest who is signed in there already sees no form the next time", async () => {
      const page = await open();
      await fill(await click(page), "Ada Guest");
      const first = await signedIn(page);
      const popup = await click(page);
      await popup.waitForEvent("close");
      const next = await signedIn(page);
      assert.notEqual(next.code, first.code);
      assert.equal((await exchange(next)).status, 200);
    });

    test("a guest who cancels there is not signed in, and the page is told by the provider's own words", async () => {
      const page = await open();
      const popup = await click(page);
      await popup.getByRole("button", { name: "Cancel" }).click();
      assert.match(
        ((await outcome(page)) as { failed: string }).failed,
        /^CHAT_SIGN_IN_DENIED: .*access_denied: The guest has cancelled$/,
      );
    });

    test("a guest who leaves the pop-up and is back on the page is not waited for", async () => {
      const page = await open({ isAway: true });
      const popup = await click(page);
      await popup.getByRole("textbox", { name: "Your name" }).waitFor();
      // One that is cut off looks closed from the page although it is open.
      if (!severs) await popup.close();
      assert.equal(await page.locator("output").textContent(), "");
      await page.evaluate(() => Object.assign(document, { hasFocus: () => true }));
      assert.match(((await outcome(page)) as { failed: string }).failed, /^CHAT_SIGN_IN_CLOSED/);
    });

    test("a page that cuts itself off from all others signs guests in too", async () => {
      const page = await open({ headers: { "Cross-Origin-Opener-Policy": "same-origin" }, isAway: true });
      await fill(await click(page), "Ada Guest");
      assert.equal((await exchange(await signedIn(page))).status, 200);
    });

    test("the provider is found by its issuer, where the page's policy lets it ask", async () => {
      const issuer = site.demo.identityProvider?.issuer;
      const headers = { "Content-Security-Policy": "default-src 'self'; connect-src http://localhost:*" };
      const page = await open({ options: { issuer, authorizationEndpoint: undefined }, headers });
      await fill(await click(page), "Ada Guest");
      assert.equal((await exchange(await signedIn(page))).status, 200);
    });

    test("an ID token with its nonce is exchanged as well, and not with another's", async () => {
      const page = await open();
      await fill(await click(page), "Ada Guest");
      const { code, codeVerifier, redirectUri, nonce } = await signedIn(page);
      const { issuer, clientId } = site.demo.identityProvider ?? assert.fail("there is no provider");
      const form = { grant_type: "authorization_code", code, code_verifier: codeVerifier, redirect_uri: redirectUri };
      const body = new URLSearchParams({ ...form, client_id: clientId });
      const { id_token: idToken } = (await (await fetch(`${issuer}/token`, { method: "POST", body })).json()) as {
        id_token: string;
      };
      assert.equal((await exchange({ idToken, nonce: "another" })).status, 401);
      const response = await exchange({ idToken, nonce });
      assert.equal(response.status, 200);
      assert.deepEqual(Object.keys((await response.json()) as object), ["jwt"]);
    });
  });
}
