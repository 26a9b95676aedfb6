/** Hubs that die under their tabs, in a worker or in a tab: the next one comes up, and what was typed in the gap is sent once. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { freeze, openTabs, sayAcross } from "../support/hub-deaths.ts";
import { killWorkers } from "../support/kill-workers.ts";
import { eventually, type Guest, say, shown, transcript, useSite } from "../support/site.ts";

describe("a hub that dies", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  /** Tabs of a new guest. */
  async function visitTabs(count: number, host: "worker" | "tab"): Promise<Page[]> {
    guest = await site.newGuest();
    return openTabs(guest, count, host);
  }

  test("the worker is killed again and again: its tabs bring up one new one each time (row 53)", async () => {
    const tabs = await visitTabs(3, "worker");
    for (let turn = 0; turn < 5; turn += 1) {
      await sayAcross(site, { kill: () => killWorkers(site.browser), survivors: tabs });
    }
  });

  test("the tab that leads does not answer any more: another one takes its place, and it steps down when it can (row 55)", async () => {
    const [leader, other] = (await visitTabs(2, "tab")) as [Page, Page];
    let thaw = async () => {};
    const kill = async () => {
      thaw = await freeze(leader);
    };
    // Its socket stays open until it thaws, and what the server sends it is heard by nobody.
    const { text } = await sayAcross(site, { kill, survivors: [other], left: 1 });
    await thaw();
    await shown(leader, text);
    await eventually(async () => assert.equal((await site.state()).connections.length, 1));
    await say(leader, "thanks");
    await shown(other, /^You are welcome/);
    const { sessions } = await site.state();
    const texts = sessions.flatMap(({ messages }) => messages).map((message) => message.text);
    assert.equal(texts.filter((each) => each === text).length, 1);
  });

  test("a tab that led and was frozen sends nothing when it thaws: who leads now sends what was typed there (row 55)", async () => {
    const [leader, other] = (await visitTabs(2, "tab")) as [Page, Page];
    const queued = `queued ${Math.random()}`;
    const text = `typed meanwhile ${Math.random()}`;
    // Typing is told at once, a text when it is on disk.
    await leader.evaluate(() => {
      const chat = document.querySelector("genesys-guest-chat") as HTMLElement & { sendMessage(text: string): void };
      new BroadcastChannel("queued").onmessage = ({ data }) => {
        chat.sendMessage(data);
        const box = chat.shadowRoot?.querySelector("textarea") as HTMLTextAreaElement;
        box.value = "and more";
        box.dispatchEvent(new InputEvent("input"));
      };
    });
    // Nobody but the frozen tab has a connection: each frame that comes is from there.
    await site.control("settings", { refuseSockets: true });
    const thaw = await freeze(leader);
    const before = (await site.log()).length;
    const since = async (kind: string) => {
      const entries = (await site.log()).slice(before);
      return entries.filter((entry) => entry.kind === kind && entry.direction === "in");
    };
    await other.evaluate((text) => new BroadcastChannel("queued").postMessage(text), queued);
    await say(other, text);
    await eventually(async () => assert.notDeepEqual(await since("upgrade"), []), 20_000);
    assert.equal((await site.state()).connections.length, 1);

    await thaw();
    await eventually(async () => assert.deepEqual((await site.state()).connections, []));
    assert.deepEqual(await since("frame"), []);

    await site.control("settings", { refuseSockets: false });
    for (const tab of [leader, other]) {
      for (const each of [queued, text]) await shown(tab, each, 40_000);
      await eventually(
        async () =>
          assert.equal(
            await transcript(tab)
              .getByText(/^Sending/)
              .count(),
            0,
          ),
        40_000,
      );
    }
    const { sessions, connections } = await site.state();
    // A session that goes on with another's conversation has the same messages.
    const messages = new Map(sessions.flatMap(({ messages }) => messages.map(({ id, text }) => [id, text])));
    const own = [...messages.values()].filter((each) => each === queued || each === text);
    assert.deepEqual(own.sort(), [queued, text]);
    assert.equal(connections.length, 1);
    guest.complaints = guest.complaints.filter((complaint) => !/WebSocket connection to/.test(complaint));
  });

  for (const host of ["worker", "tab"] as const) {
    test(`with the ${host} host, a page that one goes back to sees what was said meanwhile`, async () => {
      const [first, other] = (await visitTabs(2, host)) as [Page, Page];
      await first.evaluate(() => Object.assign(window, { kept: true }));
      await first.goto(`${site.demo.url}/shop/lamps.html`);
      await say(other, "lamps");
      await shown(other, /^The Polaris lamp/);
      // Playwright's own goBack waits for a load that a page from the back/forward cache does not have.
      // Not at once: what goes away with its page does not answer.
      await first.evaluate(() => void setTimeout(() => history.back()));
      await first.waitForURL(/guest-api/, { waitUntil: "commit" });
      await shown(first, /^The Polaris lamp/);
      // A tab that leads has a socket and a database, at whose closing the browser may be too late to keep the page.
      if (host === "worker") assert.ok(await first.evaluate(() => "kept" in window), "the browser has kept the page");
      await say(first, "thanks");
      await shown(other, /^You are welcome/);
      assert.equal((await site.state()).connections.length, 1);
    });
  }
});
