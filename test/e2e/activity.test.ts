/** A guest's activity, from his browser over the broker's log to the desk: in order, whatever happens to the page. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { killWorkers } from "../support/kill-workers.ts";
import { eventually, type Guest, openChat, say, shown, useSite } from "../support/site.ts";

const timeline = (desk: Page): Locator => desk.getByRole("list", { name: "Activity" }).getByRole("listitem");

/** What the desk shows, oldest first and without the times. */
const told = async (desk: Page): Promise<string[]> =>
  (await timeline(desk).locator("time + span").allTextContents()).reverse();

describe("a guest's activity", () => {
  const site = useSite();
  let guest: Guest;
  let agent: Guest;
  let page: Page;
  let desk: Page;

  /** The raw lines, as the broker has logged them. */
  const lines = async () => {
    const session = new URL(desk.url()).hash.slice(1);
    const { lines: logged } = await (await fetch(`${site.demo.url}/demo/activity?session=${session}`)).json();
    return logged as { seq: number; activity: string; durationMs: number; duration_ms?: number }[];
  };
  const names = async () => (await lines()).map(({ activity }) => activity);

  /** Alone, a worker outlives its last page by half a minute. */
  const endWorkers = async () => {
    await killWorkers(site.browser);
    await eventually(async () => assert.equal((await site.state()).connections.length, 0));
  };

  beforeEach(async () => {
    for (const { id, readOnly } of (await site.state()).sessions) {
      if (!readOnly) await site.control("agent", { do: "leave", session: id });
    }
    guest = await site.newGuest();
    agent = await site.newGuest();
    page = await guest.visit();
    desk = await agent.visit("/agent/");
    await openChat(page);
    await shown(page, /^Welcome to Fernweh/);
    await desk
      .getByRole("group", { name: /With Otto/ })
      .getByRole("option")
      .first()
      .click();
  });

  afterEach(async () => {
    await guest.context.close();
    await agent.context.close();
    assert.deepEqual([...guest.complaints, ...agent.complaints], []);
    assert.deepEqual(site.demo.reports(), []);
  });

  test("is told in plain words beside the talk, with durations, and nothing of what was said", async () => {
    await desk.getByText(/^Nothing told yet/).waitFor();
    await say(page, "my secret order 4711");
    await shown(page, /my secret order 4711/);
    await eventually(async () => assert.ok((await page.getByText("Otto").count()) > 1));
    await page.getByRole("button", { name: "Close chat" }).first().click();
    await timeline(desk)
      .getByText(/^First answer, after/)
      .waitFor();
    const words = await told(desk);
    assert.deepEqual(words.slice(0, 3), ["Connecting", "Session began", "Connected"]);
    assert.ok(words.includes("Sent a message"), words.join());
    const facts = await desk.getByRole("complementary", { name: "Guest" }).getByRole("definition").allTextContents();
    assert.match(facts.join("; "), /; [\d.]+ s; [\d.]+ s$/);
    assert.doesNotMatch(JSON.stringify(await lines()), /secret|4711|Otto/);
  });

  test("goes on over a reload, a cut and the end, with nothing lost and nothing told twice", async () => {
    await say(page, "before");
    await shown(page, "before");
    // The hub is killed before it could tell anybody; what was not told comes when the guest is back.
    await endWorkers();
    await page.close();
    page = await guest.visit();
    await openChat(page);
    await eventually(async () => assert.ok((await names()).includes("session_resumed")));
    assert.ok((await names()).includes("ws_message_sent"));

    await site.control("sockets/close", { abnormal: true });
    await say(page, "after the cut");
    await shown(page, "after the cut");
    await desk.getByRole("button", { name: "Hang up" }).click();
    await desk.getByRole("dialog", { name: "Hang up?" }).getByRole("button", { name: "Hang up" }).click();
    await page.getByText("This conversation is over").first().waitFor();
    await page.getByRole("button", { name: "Close chat" }).first().click();
    await timeline(desk).getByText("Conversation ended").waitFor();

    const logged = await lines();
    assert.deepEqual(
      logged.map(({ seq }) => seq),
      logged.map((_, index) => index + 1),
    );
    const order = ["session_started", "ws_message_sent", "session_resumed", "ws_disconnected", "conversation_ended"];
    const places = order.map((name) => logged.findIndex(({ activity }) => activity === name));
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      places,
      `${order} in ${logged.map(({ activity }) => activity)}`,
    );
    assert.ok(logged.some(({ activity }) => activity === "ws_waiting"));
  });
});
