/** Usable by everyone: axe-core has nothing to say about the chat in any of its states, the desk, and the demo's pages. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { findings } from "../support/axe.ts";
import { SCENES, type Scene } from "../support/scenes.ts";
import { eventually, type Guest, say, shown, useSite } from "../support/site.ts";

const PHONE = { width: 390, height: 844 };
const LAPTOP = { width: 1280, height: 800 };

const PAGES = [
  "/",
  "/guest-api.html",
  "/shop/backpacks.html",
  "/shop/lamps.html",
  "/shop/returns.html",
  "/element.html",
  "/tabs.html",
  "/embed.html",
  "/faults.html",
  "/nowhere.html",
];

/** As it looks on a phone and on a laptop, by day and by night. */
async function checkLooks(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const size of [LAPTOP, PHONE]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      assert.deepEqual(await findings(page), [], `${colorScheme}, ${size.width}×${size.height}`);
    }
  }
}

describe("a guest's own settings", () => {
  const site = useSite();
  const dots = (page: Page) => page.getByRole("img", { name: "Mira Koch is writing" });

  test("with reduced motion nothing moves, not even the dots", async () => {
    const guest = await site.newGuest();
    const page = await (SCENES["an agent is writing"] as Scene)(site, guest);
    const moving = () => dots(page).evaluate((each) => each.getAnimations({ subtree: true }).length);
    assert.equal(await moving(), 0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await eventually(async () => assert.equal(await moving(), 3));
  });

  test("with forced colours the dots and the sign of who is there are still to be seen", async () => {
    const guest = await site.newGuest();
    const page = await (SCENES["an agent is writing"] as Scene)(site, guest);
    await page.emulateMedia({ forcedColors: "active" });
    for (const sign of [dots(page), page.locator(".standing")]) {
      const [own, ground] = await sign.evaluate((each) =>
        [each.querySelector("i"), each].map((one) => one && getComputedStyle(one).backgroundColor),
      );
      assert.notEqual(own, ground);
    }
  });
});

describe("axe-core finds nothing", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await site.control("settings", { refuseSockets: false });
    await guest.context.close();
    assert.deepEqual(guest.exceptions, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  for (const [name, setUp] of Object.entries(SCENES)) {
    test(`in the chat: ${name}`, async () => {
      guest = await site.newGuest();
      await checkLooks(await setUp(site, guest));
    });
  }

  for (const path of PAGES) {
    test(`on ${path}`, async () => {
      guest = await site.newGuest();
      const page = await guest.visit(path);
      await page.waitForLoadState("networkidle");
      await checkLooks(page);
    });
  }

  test("in the chat under each theme of the element's page, with what the page has put into its slots", async () => {
    guest = await site.newGuest();
    const page = await guest.visit("/element.html");
    await page.getByRole("button", { name: "Open the chat" }).click();
    await shown(page, /^Welcome to Fernweh/);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
    for (const theme of ["Moss", "Ink", "Plum"]) {
      await page.setViewportSize(LAPTOP);
      await page.getByRole("radio", { name: theme }).check();
      await checkLooks(page);
    }
  });

  test("at the desk: nobody, a list, a conversation, saved answers, quick replies, the dialogs", async () => {
    guest = await site.newGuest();
    const desk = await guest.visit("/agent/");
    await desk
      .getByRole("region", { name: "Conversation with the guest" })
      .getByText(/^(All quiet|Choose a conversation)$/)
      .waitFor();
    await checkLooks(desk);
    for (const scene of ["an agent is writing", "talking with the bot, who offers quick replies"]) {
      const other = await site.newGuest();
      await SCENES[scene]?.(site, other);
    }
    await desk.setViewportSize(LAPTOP);
    await desk.getByRole("option").nth(1).waitFor();
    await checkLooks(desk);
    await desk.setViewportSize(LAPTOP);
    await desk.getByRole("option").first().click();
    await desk.getByRole("textbox", { name: "Answer", exact: true }).waitFor();
    await checkLooks(desk);
    for (const key of ["Alt+s", "Alt+q", "Alt+g", "Alt+h", "?"]) {
      await desk.keyboard.press(key);
      await checkLooks(desk);
      await desk.keyboard.press("Escape");
    }
  });
});
