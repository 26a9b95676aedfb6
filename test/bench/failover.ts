/** Failover: from a hub's death to live again, with a text typed in the gap that comes up once. */
import type { Page } from "playwright-core";
import { crash, freeze, openTabs, sayAcross } from "../support/hub-deaths.ts";
import { killWorkers } from "../support/kill-workers.ts";
import { openSite } from "../support/site.ts";
import { median, printTable, toMs, worst } from "./report.ts";

const RUNS = Number(process.env.RUNS ?? 20);

const site = await openSite();

interface Way {
  host: "worker" | "tab";
  /** `first` is the tab that the worker runs with, or that leads. */
  kill(first: Page): Promise<unknown>;
  goalMs: number;
  /** Of the dead. */
  survives?: "connection";
}

const WAYS: Record<string, Way> = {
  "worker killed": { host: "worker", kill: () => killWorkers(site.browser), goalMs: 500 },
  "tab with the worker crashed": { host: "worker", kill: crash, goalMs: 500 },
  "leading tab closed": { host: "tab", kill: (first) => first.close(), goalMs: 500 },
  "leading tab crashed": { host: "tab", kill: crash, goalMs: 500 },
  "leading tab frozen": { host: "tab", kill: freeze, goalMs: 6_000, survives: "connection" },
};

const rows: string[][] = [];
for (const [what, { host, kill, goalMs, survives }] of Object.entries(WAYS)) {
  const live: number[] = [];
  const arrived: number[] = [];
  let typedInGap = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const guest = await site.newGuest();
    const [first, ...survivors] = (await openTabs(guest, 3, host)) as [Page, ...Page[]];
    const crossing = await sayAcross(site, { kill: () => kill(first), survivors, left: survives ? 1 : 0 });
    live.push(crossing.liveMs);
    arrived.push(crossing.arrivedMs);
    if (crossing.typedMs < crossing.liveMs) typedInGap += 1;
    await guest.context.close();
    await site.control("sockets/close", { code: 1000 });
  }
  const isMet = worst(live) < goalMs;
  rows.push([
    what,
    toMs(median(live)),
    toMs(worst(live)),
    `${isMet ? "under" : "NOT under"} ${goalMs} ms`,
    toMs(median(arrived)),
    toMs(worst(arrived)),
    `${typedInGap} of ${RUNS}`,
  ]);
}
await site.close();
printTable(["what", "live, p50", "worst", "goal", "text there, p50", "worst", "typed in the gap"], rows);
