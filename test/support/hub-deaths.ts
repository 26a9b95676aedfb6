/** Hubs that die under their tabs: the ways in which they do, and what is said across the gap. Shared by tests and bench. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { LogEntry } from "../../src/sandbox/log.ts";
import { eventually, type Guest, openChat, type Site, shown, transcript } from "./site.ts";

/** Tabs of one guest with the chat open; the first has come first, so that the worker runs with it, or it leads. */
export async function openTabs(guest: Guest, count: number, host: "worker" | "tab"): Promise<Page[]> {
  await guest.context.addInitScript((settings) => Object.assign(window, { genesysGuestChat: { settings } }), { host });
  const tabs: Page[] = [];
  for (let index = 0; index < count; index += 1) {
    const tab = await guest.visit();
    await openChat(tab);
    await shown(tab, /Welcome to Fernweh/);
    tabs.push(tab);
  }
  return tabs;
}

/** The renderer dies without a word. */
export async function crash(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // It never answers.
  void devtools.send("Page.crash").catch(() => {});
  await crashed;
}

/** Nothing of the page runs any more, as in a tab that the system has stopped. Gives the way back. */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Debugger.enable");
  await devtools.send("Debugger.pause");
  return async () => {
    await devtools.send("Debugger.disable");
    await devtools.detach();
  };
}

/** ms from the moment that the hub was told to die. */
export interface Crossing {
  text: string;
  /** The server has taken a new connection up: it is live again. */
  liveMs: number;
  /** Enter was pressed: before `liveMs` it was in the gap. */
  typedMs: number;
  /** The text has come up. */
  arrivedMs: number;
}

interface Death {
  /** Resolves when the hub is dead. */
  kill: () => Promise<unknown>;
  survivors: readonly Page[];
  /** Connections that the dead one leaves open: a frozen tab's own. */
  left?: number;
}

/**
 * Has a text ready in the first survivor, kills the hub, presses Enter. Resolves when there is one new connection, and
 * the text has come up once and stands once in each survivor.
 */
export async function sayAcross(site: Site, { kill, survivors, left = 0 }: Death): Promise<Crossing> {
  const [first] = survivors as [Page];
  const text = `in the gap ${Math.random()}`;
  const box = first.getByRole("textbox", { name: "Message" });
  await box.fill(text);
  const { totals } = await site.state();
  const killed = Date.now();
  await kill();
  const typed = Date.now();
  await box.press("Enter");
  await eventually(async () => {
    const { connections, totals: now } = await site.state();
    assert.equal(connections.length, 1 + left);
    assert.ok(now.connectionsOpened > totals.connectionsOpened);
  }, 20_000);
  for (const tab of survivors) {
    await shown(tab, text);
    await eventually(async () => assert.equal(await transcript(tab).getByText(text).count(), 1));
  }
  await transcript(first).getByText(/^Sent/).last().waitFor();
  const { sessions, connections } = await site.state();
  assert.equal(connections.length, 1 + left);
  assert.equal(sessions.flatMap(({ messages }) => messages).filter((message) => message.text === text).length, 1);
  return { text, typedMs: typed - killed, ...(await timesOf(site, text, killed)) };
}

/** From the sandbox's log: its clock is this process's, and it knows nothing of when tabs show what they have. */
async function timesOf(site: Site, text: string, killed: number): Promise<Pick<Crossing, "liveMs" | "arrivedMs">> {
  const log = (await site.log()) as unknown as LogEntry[];
  const after = ({ at }: LogEntry) => Date.parse(at) - killed;
  const resumed = log.findIndex((entry) => after(entry) >= 0 && entry.type === "resumed" && entry.direction === "out");
  const arrived = log.findIndex(({ direction, frame }) => direction === "in" && textOf(frame) === text);
  assert.ok(resumed >= 0 && arrived >= 0, "the log has lost it");
  return { liveMs: after(log[resumed] as LogEntry), arrivedMs: after(log[arrived] as LogEntry) };
}

const textOf = (frame: unknown): unknown => (frame as { payload?: { text?: unknown } } | undefined)?.payload?.text;
