/** The demo's shop answers the chat that asks to sign a guest in, as a site does: from the chat's menu to the provider and back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { GenesysGuestChat } from "../../src/index.ts";
import { eventually, openChat, say, shown, transcript, useSite } from "../support/site.ts";

const site = useSite(() => ({ signIn: true }));

/** Opens the chat's menu and chooses. */
async function choose(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Chat" });
  await dialog.getByRole("button", { name: "More" }).click();
  await dialog.getByRole("button", { name }).click();
}

const isSignedIn = (page: Page) =>
  page.evaluate(() => (document.querySelector("genesys-guest-chat") as GenesysGuestChat).state.signedIn);

test("a guest signs in from the menu in the middle of the talk, which goes on, and signs out, after which nothing is left", async () => {
  const guest = await site.newGuest();
  const page = await guest.visit("/web-messaging.html");
  await openChat(page);
  await say(page, "hello");
  await shown(page, /^Hello! What can I do/);
  const opening = page.waitForEvent("popup");
  await choose(page, "Sign in");
  const popup = await opening;
  // Playwright gives the focus to all pages: to the shop the guest would seem to be back from a provider that cuts itself off.
  await page.evaluate(() => Object.assign(document, { hasFocus: () => false }));
  await popup.getByRole("textbox", { name: "Your name" }).fill("Ada Guest");
  await popup.getByRole("button", { name: "Sign in" }).click();
  await eventually(async () => assert.equal(await isSignedIn(page), true), 20_000);
  await say(page, "thanks");
  await shown(page, /^You are welcome/);
  assert.equal(await transcript(page).getByText("hello", { exact: true }).count(), 1);
  await choose(page, "Sign out");
  await page.getByText("This chat was ended and erased.").waitFor();
  assert.equal(await transcript(page).getByText("hello", { exact: true }).count(), 0);
  await guest.context.close();
  assert.deepEqual(guest.complaints, []);
  assert.deepEqual(site.demo.reports(), []);
});
