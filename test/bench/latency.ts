/** Latency on loopback: how soon a text is kept, how soon an answer is there, and how soon a lost connection is live again. */
import type { Page } from "playwright-core";
import { openTabs } from "../support/hub-deaths.ts";
import { eventually, openChat, openSite, shown } from "../support/site.ts";
import { median, percentile, printTable, toMs, worst } from "./report.ts";

/** The platform takes 120 texts in a minute. */
const TEXTS = 100;
const CUTS = 200;

interface Reconnect {
  firstFrameMs: number;
  liveMs: number;
}
type Watched = Window & { reconnects: Reconnect[] };

const site = await openSite();
const rows: string[][] = [];
const report = (what: string, values: number[]) =>
  rows.push([what, String(values.length), toMs(median(values)), toMs(percentile(values, 0.99)), toMs(worst(values))]);

async function measureTexts(): Promise<void> {
  const guest = await site.newGuest();
  const [tab] = (await openTabs(guest, 1, "worker")) as [Page];
  const kept: number[] = [];
  for (let index = 0; index < TEXTS; index += 1) {
    const ms = await tab.evaluate(async (text) => {
      const start = performance.now();
      await document.querySelector("genesys-guest-chat")?.sendMessage(text);
      return performance.now() - start;
    }, `text ${index}`);
    kept.push(ms);
    await shown(tab, new RegExp(`^text ${index}$`));
  }
  report("a text sent: kept on disk, and acknowledged", kept);

  // The page asks the sandbox itself: by two clocks a few ms could not be told from none.
  const answered: number[] = [];
  for (let index = 0; index < TEXTS; index += 1) {
    const ms = await tab.evaluate(async (text) => {
      const arrival = new Promise<number>((resolve) => {
        document.addEventListener("chat-message", () => resolve(performance.now()), { once: true });
      });
      const start = performance.now();
      const headers = { "Content-Type": "application/json" };
      const body = JSON.stringify({ do: "message", text });
      await fetch("/sandbox/agent", { method: "POST", headers, body });
      return (await arrival) - start;
    }, `answer ${index}`);
    answered.push(ms);
  }
  report("an agent's message: from its call to the sandbox until the tab has it", answered);
  await guest.context.close();
}

/** In a page of its own, where the socket can be watched. The network's return is told, or back-off is what would be measured. */
async function measureReconnects(): Promise<void> {
  const guest = await site.newGuest();
  await guest.context.addInitScript(() => {
    const watched = window as unknown as Watched;
    Object.assign(window, { genesysGuestChat: { settings: { host: "page" } }, reconnects: [] });
    window.WebSocket = class extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given);
        const start = performance.now();
        let first = 0;
        this.addEventListener("message", ({ data }) => {
          first ||= performance.now();
          if (JSON.parse(data).type !== "resumed") return;
          watched.reconnects.push({ firstFrameMs: first - start, liveMs: performance.now() - start });
        });
        this.addEventListener("close", () => setTimeout(() => dispatchEvent(new Event("online"))));
      }
    };
  });
  const page = await guest.visit();
  await openChat(page);
  await shown(page, /Welcome to Fernweh/);
  const count = () => page.evaluate(() => (window as unknown as Watched).reconnects.length);
  for (let cut = 1; cut <= CUTS; cut += 1) {
    await site.control("sockets/close", { abnormal: true });
    await eventually(async () => (await count()) > cut, 60_000);
  }
  const [, ...again] = await page.evaluate(() => (window as unknown as Watched).reconnects);
  report(
    "a reconnect: from the new socket to its first frame",
    again.map(({ firstFrameMs }) => firstFrameMs),
  );
  report(
    "a reconnect: from the new socket to live, caught up",
    again.map(({ liveMs }) => liveMs),
  );
  await guest.context.close();
}

await measureTexts();
await measureReconnects();
await site.close();
printTable(["what", "times", "p50", "p99", "worst"], rows);
