/** Fifty tabs at once, as a browser restores them while a conversation is open: when each has joined, and what they cost. */
import type { Page } from "playwright-core";
import { countPorts, type PortCount, portCount } from "../support/ports.ts";
import { eventually, openChat, openSite, say, shown } from "../support/site.ts";
import { median, percentile, printTable, toKiB, toMs, worst } from "./report.ts";
import { workerHeap } from "./worker-heap.ts";

const TABS = 50;
const GOAL_MS = 1000;

type Counting = Window & { answers: number };

const site = await openSite();
const guest = await site.newGuest();
await countPorts(guest.context);
await guest.context.addInitScript(() => {
  const counting = window as unknown as Counting;
  counting.answers = 0;
  document.addEventListener("chat-message", ({ message }: Event & { message?: { text?: string } }) => {
    if (message?.text?.startsWith("You are welcome")) counting.answers += 1;
  });
});
const countAnswers = (tab: Page) => tab.evaluate(() => (window as unknown as Counting).answers);
const first = await guest.visit();
await openChat(first);
await shown(first, /Welcome to Fernweh/);
const { usedSize: heapOfOne } = await workerHeap(site.browser);

/** Says a text and waits for the answer; what that has cost the tabs, and the socket. */
async function measureText(tabs: Page[]) {
  const total = async () => {
    const counts = await Promise.all(tabs.map(portCount));
    const sum = (key: "up" | "down" | "downChars") => counts.reduce((so, count) => so + count[key], 0) / tabs.length;
    const { framesIn, framesOut } = (await site.state()).totals;
    return { up: sum("up"), down: sum("down"), chars: sum("downChars"), frames: framesIn + framesOut };
  };
  const had = await Promise.all(tabs.map(countAnswers));
  const before = await total();
  await say(first, "thanks");
  await Promise.all(tabs.map((tab, index) => eventually(async () => (await countAnswers(tab)) > (had[index] ?? 0))));
  const after = await total();
  return {
    up: (after.up - before.up).toFixed(1),
    down: (after.down - before.down).toFixed(1),
    chars: toKiB(after.chars - before.chars),
    frames: String(after.frames - before.frames),
  };
}

const one = await measureText([first]);
const opened = (await site.state()).totals.connectionsOpened;
const tabs = await Promise.all(Array.from({ length: TABS - 1 }, () => guest.visit()));
const counts: PortCount[] = [];
for (const tab of tabs) {
  await eventually(async () => (await portCount(tab)).joinedMs > 0, 60_000);
  await tab.waitForLoadState("load");
  counts.push(await portCount(tab));
}
const { usedSize: heapOfMany } = await workerHeap(site.browser);
const many = await measureText([first, ...tabs]);
const { connections, totals } = await site.state();
await site.close();

const afterLoad = counts.map(({ joinedMs, loadedMs }) => joinedMs - loadedMs);
const afterAsking = counts.map(({ joinedMs, askedMs }) => joinedMs - askedMs);
const afterStart = counts.map(({ joinedMs }) => joinedMs);
const inTime = afterLoad.filter((ms) => ms < GOAL_MS).length;
const times = (what: string, values: number[], goal: string) => [
  what,
  toMs(median(values)),
  toMs(percentile(values, 0.9)),
  toMs(worst(values)),
  goal,
];

printTable(
  [`a tab's first update, of ${TABS - 1} that come at once`, "p50", "p90", "worst", "goal"],
  [
    times("after its own `load` (below 0: before it)", afterLoad, `under ${GOAL_MS} ms: ${inTime} of ${TABS - 1}`),
    times("after it asked for its worker", afterAsking, ""),
    times("after its page began to load", afterStart, ""),
  ],
);
console.log();
printTable(
  ["", "1 tab", `${TABS} tabs`],
  [
    ["connections", "1", String(connections.length)],
    ["sockets opened for the tabs that came", "", String(totals.connectionsOpened - opened)],
    ["heap of the hub's worker", toKiB(heapOfOne), toKiB(heapOfMany)],
    ["a text and its answer: frames on the socket", one.frames, many.frames],
    ["updates to each tab", one.down, many.down],
    ["commands of each tab", one.up, many.up],
    ["JSON to each tab", one.chars, many.chars],
  ],
);
