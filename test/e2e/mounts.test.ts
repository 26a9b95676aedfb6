/** An element that a page takes away, puts back, swaps or moves: nothing of it stays behind, and the session is one. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { type Ask, askPage, count, openWorker } from "../support/heap.ts";
import { openTabs } from "../support/hub-deaths.ts";
import { at, eventually, type Guest, openChat, type SandboxState, say, shown, useSite } from "../support/site.ts";

type Chat = HTMLElement & { state: { epoch: string } };

type Totals = SandboxState["totals"];

const MOUNTS = 200;

describe("an element that comes and goes", () => {
  const site = useSite();
  let guest: Guest;

  afterEach(async () => {
    await guest.context.close();
    assert.deepEqual(guest.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
    await site.control("sockets/close", { code: 1000 });
  });

  /** The chat, open and with something said, in a page that has the hub elsewhere; `leader` is what has it with the tab host. */
  async function visit(host: "worker" | "tab" | "frame"): Promise<{ page: Page; leader: Page }> {
    guest = await site.newGuest();
    if (host === "frame") {
      const page = await guest.visit(`${at(site.demo.url, "shop")}/embed.html`);
      await openChat(page);
      await say(page, "hello");
      await shown(page, /^Hello! What can I do/);
      return { page, leader: page };
    }
    const [leader, page] = (await openTabs(guest, 2, host)) as [Page, Page];
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    return { page, leader };
  }

  const totals = async () => (await site.state()).totals;

  /** The same guest over the same connection. */
  async function goesOn(page: Page, before: Totals): Promise<void> {
    await shown(page, /^Hello! What can I do/);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
    const { guestsCreated, connectionsOpened } = await totals();
    assert.deepEqual([guestsCreated, connectionsOpened], [before.guestsCreated, before.connectionsOpened]);
  }

  /** Each time another element in place of the one before, as soon as that one has the conversation. */
  const mount = (page: Page, times: number) =>
    page.evaluate(async (times) => {
      for (let turn = 0; turn < times; turn += 1) {
        const before = document.querySelector("genesys-guest-chat") as Chat;
        const next = before.cloneNode() as Chat;
        before.remove();
        document.body.append(next);
        while (!next.state.epoch) await new Promise((resolve) => setTimeout(resolve));
      }
    }, times);

  async function leftInPage(page: Page, ask: Ask): Promise<Record<string, number>> {
    const elements = await count(ask, "customElements.get('genesys-guest-chat').prototype");
    const channels = await count(ask, "BroadcastChannel.prototype");
    const { metrics } = await ask("Performance.getMetrics");
    const { value: listeners } = metrics.find(({ name }: { name: string }) => name === "JSEventListeners");
    const { held = [], pending = [] } = await page.evaluate(() => navigator.locks.query());
    return { elements, channels, listeners, locks: held.length, waiting: pending.length, frames: page.frames().length };
  }

  for (const host of ["worker", "frame", "tab"] as const) {
    test(`with the ${host} host, after ${MOUNTS} mounts no element, listener, lock or frame is left over, and the conversation is the same (row 59)`, async () => {
      const { page } = await visit(host);
      const start = await totals();
      const ask = askPage(await guest.context.newCDPSession(page));
      await ask("Performance.enable");
      // What comes once and stays, comes with the first few.
      await mount(page, 10);
      const before = await eventually(async () => {
        const left = await leftInPage(page, ask);
        assert.ok((left.elements as number) <= 2);
        return left;
      });
      await mount(page, MOUNTS);
      await eventually(async () => {
        const after = await leftInPage(page, ask);
        for (const [what, number] of Object.entries(before)) {
          // Chromium keeps each SharedWorker until the page goes. One listener, of the browser's own, is all that is on it.
          const kept = host === "worker" && what === "listeners" ? MOUNTS : 0;
          assert.ok((after[what] as number) <= number + kept + 5, `${what}: ${number}, then ${after[what]}`);
        }
      });
      await goesOn(page, start);
    });
  }

  for (const host of ["worker", "tab"] as const) {
    test(`with the ${host} host, the hub keeps nothing of ${MOUNTS} tabs that have gone (row 59)`, async () => {
      const { page, leader } = await visit(host);
      const { ask, close } =
        host === "worker"
          ? await openWorker(site.browser)
          : { ask: askPage(await guest.context.newCDPSession(leader)), close() {} };
      const inHub = async () => ({
        ports: await count(ask, "MessagePort.prototype"),
        objects: await count(ask, "Object.prototype"),
      });
      // The results of the last 256 commands are kept, whoever asked.
      await mount(page, MOUNTS);
      const before = await inHub();
      await mount(page, MOUNTS);
      await eventually(async () => {
        const { ports, objects } = await inHub();
        assert.ok(ports <= 3, `${ports} ports`);
        assert.ok(objects < before.objects + MOUNTS, `${before.objects} objects, then ${objects}`);
      });
      await close();
    });
  }

  test("a page that swaps what it shows, and the chat with it, has the draft and the conversation in the next one (row 59)", async () => {
    const { page } = await visit("worker");
    const start = await totals();
    const box = page.getByRole("textbox", { name: "Message" });
    for (const route of ["one", "two", "three"]) {
      await box.fill(`a draft on ${route}`);
      await page.evaluate(() => {
        const chat = document.querySelector("genesys-guest-chat") as Chat;
        const next = document.createElement("main");
        next.append(chat.cloneNode());
        chat.remove();
        document.querySelector("main")?.replaceWith(next);
      });
      await shown(page, /^Hello! What can I do/);
      assert.equal(await box.inputValue(), `a draft on ${route}`);
    }
    await goesOn(page, start);
  });

  test("moved to another place of the page, it is the tab that it was (row 59)", async () => {
    const { page } = await visit("worker");
    const start = await totals();
    const tabs = () =>
      page.evaluate(async () => {
        const { held = [] } = await navigator.locks.query();
        return held.flatMap(({ name = "" }) => (name.startsWith("genesys-guest-chat tab") ? [name] : []));
      });
    const before = await tabs();
    await page.evaluate(() =>
      document.querySelector("main")?.append(document.querySelector("genesys-guest-chat") as Chat),
    );
    await goesOn(page, start);
    assert.deepEqual(await tabs(), before);
    assert.equal(before.length, 2);
  });

  test("moved into another document and back, it looks as it did and goes on (row 59)", async () => {
    const { page } = await visit("worker");
    const start = await totals();
    // Where it stands and how wide it is, is the window's; what its sheets say is not.
    const looks = (where: string) =>
      page.evaluate((where) => {
        const frame = document.querySelector<HTMLIFrameElement>("iframe");
        const root = (where === "frame" ? frame?.contentDocument : document)?.querySelector(
          "genesys-guest-chat",
        )?.shadowRoot;
        const panel = root?.querySelector("[role=dialog]") as Element;
        const { position, backgroundColor, fontSize, display } = getComputedStyle(panel);
        return { position, backgroundColor, fontSize, display };
      }, where);
    const before = await looks("page");
    assert.equal(before.position, "fixed");
    await page.evaluate(() => {
      const frame = document.createElement("iframe");
      frame.style.cssText = "width: 600px; height: 700px";
      document.body.append(frame);
      frame.contentDocument?.body.append(document.querySelector("genesys-guest-chat") as Chat);
    });
    await eventually(async () => assert.deepEqual(await looks("frame"), before));
    const inFrame = page.frameLocator("iframe");
    const box = inFrame.getByRole("textbox", { name: "Message" });
    await box.fill("thanks");
    await box.press("Enter");
    await inFrame.getByText(/^You are welcome/).waitFor();
    await page.evaluate(() => {
      const frame = document.querySelector("iframe") as HTMLIFrameElement;
      document.body.append(frame.contentDocument?.querySelector("genesys-guest-chat") as Chat);
      frame.remove();
    });
    await eventually(async () => assert.deepEqual(await looks("page"), before));
    await goesOn(page, start);
  });
});
