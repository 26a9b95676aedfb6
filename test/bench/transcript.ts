/** The transcript: what one message more costs an open tab that has ever more of them. */
import type { Page } from "playwright-core";
import { openTabs } from "../support/hub-deaths.ts";
import { openSite } from "../support/site.ts";
import { startLongTalk } from "./long-talk.ts";
import { watchMetrics } from "./page-metrics.ts";
import { printTable, toMiB, toMs } from "./report.ts";

const MORE = 100;

const site = await openSite();
const guest = await site.newGuest();
const [tab] = (await openTabs(guest, 1, "worker")) as [Page];
const talk = startLongTalk(site, tab);
const measure = await watchMetrics(tab);

const rows: string[][] = [];
for (const messages of [100, 1_000, 5_000]) {
  await talk.goOnTo(messages);
  const before = await measure();
  await talk.goOnTo(messages + MORE);
  const after = await measure();
  rows.push([
    String(messages),
    toMs((after.scriptMs - before.scriptMs) / MORE),
    toMs((after.taskMs - before.taskMs) / MORE),
    toMiB(after.heapBytes),
    String(after.nodes),
  ]);
}
await site.close();
printTable(["messages before", "script, for each more", "main thread in all", "heap of the tab", "nodes"], rows);
