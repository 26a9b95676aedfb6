/** Memory: the hub's own, in its worker, with nothing said, and with ever more. */
import type { Page } from "playwright-core";
import { openTabs } from "../support/hub-deaths.ts";
import { openSite } from "../support/site.ts";
import { startLongTalk } from "./long-talk.ts";
import { printTable, toMiB } from "./report.ts";
import { workerHeap } from "./worker-heap.ts";

const site = await openSite();
const guest = await site.newGuest();
const [tab] = (await openTabs(guest, 1, "worker")) as [Page];
const talk = startLongTalk(site, tab);

const { usedSize: nothing } = await workerHeap(site.browser);
const rows = [["0", toMiB(nothing), ""]];
for (const messages of [1_000, 10_000]) {
  await talk.goOnTo(messages);
  const { usedSize } = await workerHeap(site.browser);
  rows.push([String(messages), toMiB(usedSize), `${Math.round((usedSize - nothing) / messages)} bytes`]);
}
await site.close();
printTable(["messages", "heap of the hub's worker", "for each message"], rows);
