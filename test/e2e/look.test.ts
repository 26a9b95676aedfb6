/** The shop in the look of its deployment, in a real browser: as it says, as it said the day before, and where the page may not ask. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { demoDeployment } from "../../src/sandbox/web-messaging/demo-deployment.ts";
import { eventually, type Guest, openChat, say, shown, useSite } from "../support/site.ts";

const CONFIG = "**/config.json";
const launcher = (page: Page, name = "Ask us") => page.getByRole("button", { name });

/** Where it stands, from the left and from below, and in which colour. */
const looks = (page: Page, name?: string) =>
  launcher(page, name).evaluate((button) => {
    const { left, bottom } = button.getBoundingClientRect();
    return { left, bottom: innerHeight - bottom, colour: getComputedStyle(button).backgroundColor };
  });

describe("a launcher that is left to the deployment", () => {
  const site = useSite(() => ({
    deployment: {
      ...demoDeployment,
      primaryColor: "#B3261E",
      position: { alignment: "Left", sideSpace: 40, bottomSpace: 32 },
      labels: { "en-us": { MessengerHomeHeaderTitle: "Fernweh help", MessengerLauncherButtonText: "Ask us" } },
    },
  }));
  let guest: Guest;
  const SAID = { left: 40, bottom: 32, colour: "rgb(179, 38, 30)" };

  afterEach(async () => {
    await guest.context.close();
  });

  test("stands where the deployment says, in its colour and by its name, and the panel above it", async () => {
    guest = await site.newGuest();
    const page = await guest.visit("/web-messaging.html");
    await launcher(page).waitFor();
    assert.deepEqual(await looks(page), SAID);
    await launcher(page).click();
    const panel = page.getByRole("dialog", { name: "Chat" });
    await panel.getByText("Fernweh help").waitFor();
    const { x } = (await panel.boundingBox()) as { x: number };
    assert.equal(x, 40);
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
  });

  test("is as it was on the page before, where nobody can be asked any more", async () => {
    guest = await site.newGuest();
    const page = await guest.visit("/web-messaging.html");
    await launcher(page).waitFor();
    let asked = 0;
    await guest.context.route(CONFIG, (route) => {
      asked += 1;
      return route.abort();
    });
    await page.reload();
    await launcher(page).waitFor();
    assert.deepEqual(await looks(page), SAID);
    await eventually(() => assert.equal(asked, 1));
    assert.deepEqual(await looks(page), SAID);
    assert.deepEqual(guest.exceptions, []);
  });

  test("a page that may not ask shows by its attributes what it can, without a word of ours, and its guests talk", async () => {
    guest = await site.newGuest();
    await guest.context.route("**/web-messaging.html", async (route) => {
      const response = await route.fetch();
      const policy = (response.headers()["content-security-policy"] ?? "").replace(
        /connect-src [^;]*/,
        "connect-src 'none'",
      );
      const body = (await response.text()).replace('data-launcher="deployment"', 'data-launcher="on"');
      await route.fulfill({ response, body, headers: { ...response.headers(), "content-security-policy": policy } });
    });
    const page = await guest.visit("/web-messaging.html");
    const before = await looks(page, "Open chat");
    await openChat(page);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await page.getByRole("button", { name: "Close chat" }).click();
    assert.deepEqual(await looks(page, "Open chat"), before);
    assert.deepEqual(
      guest.console.filter((line) => line.startsWith("[genesys-guest-chat]")),
      [],
    );
    assert.deepEqual(guest.exceptions, []);
    const blocked = site.demo.reports().map((report) => JSON.stringify(report));
    assert.ok(
      blocked.some((report) => report.includes("config.json")),
      "it had been asked for",
    );
  });
});
