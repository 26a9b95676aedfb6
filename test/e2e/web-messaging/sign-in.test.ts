/** A guest of web messaging signs in at a real OpenID provider, in our pop-up, in the midst of a talk; and out, on all devices. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, say, shown, transcript } from "../../support/site.ts";
import { type Shop, useShop } from "./shop.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** What a site does with `chat-sign-in`; and, beside it, that a page looks away while its guest is in the pop-up. */
async function offerSignIn({ site }: Shop, page: Page): Promise<void> {
  const { identityProvider } = site.demo;
  assert.ok(identityProvider);
  const { authorizationEndpoint, clientId } = identityProvider;
  const options = {
    authorizationEndpoint,
    clientId,
    redirectUri: "/dist/callback.html",
    scope: "openid profile email",
  };
  // As text: the compiler would make another import of it.
  await page.evaluate(`import("/dist/sign-in.js").then(({ signIn }) => {
    Object.assign(document, { hasFocus: () => false });
    document.addEventListener("chat-sign-in", ({ target }) => {
      signIn(${JSON.stringify(options)}).then((given) => target.signIn(given), () => {});
    });
  })`);
}

/** By the chat's own menu, as far as the provider's page. */
async function beginSignIn(page: Page): Promise<Page> {
  await openMenu(page, "Sign in");
  const [popup] = await Promise.all([page.waitForEvent("popup"), button(page, "Sign in").click()]);
  return popup;
}

async function signIn(shop: Shop, page: Page, name: string): Promise<void> {
  await offerSignIn(shop, page);
  const popup = await beginSignIn(page);
  await popup.getByRole("textbox", { name: "Your name" }).fill(name);
  await popup.getByRole("button", { name: "Sign in" }).click();
  await isSignedIn(page);
}

const more = (page: Page, expanded: boolean) => page.getByRole("button", { name: "More", exact: true, expanded });

/** Its button is pressed once; while a connection is made anew there is no menu. */
async function openMenu(page: Page, name: string): Promise<void> {
  await eventually(async () => {
    if (await more(page, false).isVisible()) await more(page, false).click();
    assert.ok(await button(page, name).isVisible(), `the menu never offers "${name}"`);
  }, 20_000);
}

/** The menu offers the way out. */
async function isSignedIn(page: Page): Promise<void> {
  await openMenu(page, "Sign out");
  await more(page, true).click();
  await button(page, "Sign out").waitFor({ state: "detached" });
}

async function signOut(page: Page): Promise<void> {
  await openMenu(page, "Sign out");
  await button(page, "Sign out").click();
}

const isErased = async (page: Page, text: string): Promise<void> => {
  await page.getByText("This chat was ended and erased.").waitFor({ timeout: 20_000 });
  assert.equal(await transcript(page).getByText(text, { exact: true }).count(), 0);
};

describe("a guest who signs in", () => {
  const shop = useShop(() => ({ signIn: true }));
  const { site, enter, openTab, said } = shop;
  const name = async () => ((await site.state()).sessions.at(-1) as { name?: string } | undefined)?.name;

  test("goes on with the talk in place, over the same connection, known by name in every tab", async () => {
    const { guest, page } = await enter();
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    const other = await openTab(guest);
    const before = (await site.state()).totals.connectionsOpened;
    await signIn(shop, page, "Ada Guest");
    await isSignedIn(other);
    await say(page, "thanks");
    for (const tab of [page, other]) {
      await shown(tab, /^You are welcome/);
      await shown(tab, "hello");
    }
    assert.equal(await name(), "Ada Guest");
    assert.deepEqual(await said(), ["hello", "thanks"]);
    assert.equal((await site.state()).totals.connectionsOpened, before);
  });

  test("is still signed in after a reload of all tabs, and goes on", async () => {
    const { page } = await enter();
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await signIn(shop, page, "Ada Guest");
    await page.goto(new URL("/agent/", site.demo.url).href);
    await page.goto(new URL("/web-messaging.html", site.demo.url).href);
    await shown(page, "hello");
    await isSignedIn(page);
    await say(page, "thanks");
    await shown(page, /^You are welcome/);
  });

  test("who cancels at the provider stays who he was, and the talk goes on", async () => {
    const { page } = await enter();
    await offerSignIn(shop, page);
    const popup = await beginSignIn(page);
    const gone = popup.waitForEvent("close");
    await popup.getByRole("button", { name: "Cancel" }).click();
    await gone;
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await openMenu(page, "Sign in");
  });

  test("on another device takes the talk there: what was said here is gone from here", async () => {
    const { page } = await enter();
    await say(page, "said here");
    await shown(page, "said here");
    await signIn(shop, page, "Ada Guest");
    const { page: elsewhere } = await enter();
    await signIn(shop, elsewhere, "Ada Guest");
    await isErased(page, "said here");
    await say(elsewhere, "hello");
    await shown(elsewhere, /^Hello! What can I do/);
  });

  test("and out: all that was said is gone from every tab and from this browser, and the next guest is a stranger", async () => {
    const { guest, page } = await enter();
    await say(page, "my secret");
    await shown(page, "my secret");
    await signIn(shop, page, "Ada Guest");
    const other = await openTab(guest);
    await signOut(page);
    for (const tab of [page, other]) await isErased(tab, "my secret");
    await button(page, "Start new conversation").click();
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    assert.deepEqual(await said(), ["hello"]);
    assert.notEqual(await name(), "Ada Guest");
  });
});

describe("a guest who signs in on two devices, where nobody may do so in the midst of a talk", () => {
  const shop = useShop(() => ({ signIn: { stepUp: false } }));
  const { enter } = shop;

  test("has one conversation on both, and signing out on one erases it on the other", async () => {
    const { page } = await enter();
    await shown(page, /^Welcome to Fernweh/);
    await signIn(shop, page, "Ada Guest");
    await say(page, "from the first");
    await shown(page, "from the first");
    const { page: elsewhere } = await enter();
    await shown(elsewhere, /^Welcome to Fernweh/);
    await signIn(shop, elsewhere, "Ada Guest");
    await shown(elsewhere, "from the first");
    await say(elsewhere, "from the second");
    await shown(page, "from the second");
    await signOut(elsewhere);
    await isErased(elsewhere, "from the first");
    await isErased(page, "from the first");
  });
});
