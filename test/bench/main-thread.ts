/** The main thread: what the tag costs the page that bears it, and what the first opening of the chat costs. */
import type { Page } from "playwright-core";
import { openSite } from "../support/site.ts";
import { type PageMetrics, watchMetrics } from "./page-metrics.ts";
import { median, printTable, toMs } from "./report.ts";

const RUNS = 15;

type Cost = Pick<PageMetrics, "scriptMs" | "layoutMs" | "taskMs">;
type Stage = "the page without the tag" | "the page with the tag" | "opening the chat for the first time";

/** From a viewport's end, in px: on the launcher. */
const LAUNCHER = 48;

/** No locators here: what Playwright puts into a page to find things costs more than what is measured. */
const idle = (page: Page): Promise<unknown> => page.evaluate(() => new Promise((done) => requestIdleCallback(done)));

/** By a click on the launcher; until it is live, and the page has nothing to do. */
async function open(page: Page): Promise<void> {
  const live = page.evaluate(
    () =>
      new Promise((done) => {
        document.addEventListener("chat-phase", ({ phase }: Event & { phase?: string }) => {
          if (phase === "live") requestIdleCallback(done);
        });
      }),
  );
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  await page.mouse.click(width - LAUNCHER, height - LAUNCHER);
  await live;
}

const site = await openSite();
const costs = new Map<Stage, Cost[]>();
const note = (stage: Stage, cost: Cost) => costs.set(stage, [...(costs.get(stage) ?? []), cost]);

for (let run = 0; run < RUNS; run += 1) {
  for (const tagged of [false, true]) {
    const guest = await site.newGuest();
    if (!tagged) await guest.context.route("**/dist/loader.js", (route) => route.fulfill({ body: "" }));
    const page = await guest.context.newPage();
    const measure = await watchMetrics(page);
    await page.goto(`${site.demo.url}/guest-api.html`);
    await idle(page);
    const loaded = await measure();
    note(tagged ? "the page with the tag" : "the page without the tag", loaded);
    if (tagged) {
      await open(page);
      const opened = await measure();
      note("opening the chat for the first time", {
        scriptMs: opened.scriptMs - loaded.scriptMs,
        layoutMs: opened.layoutMs - loaded.layoutMs,
        taskMs: opened.taskMs - loaded.taskMs,
      });
    }
    await guest.context.close();
  }
}
await site.close();
printTable(
  [`median of ${RUNS}`, "script", "styles and layout", "main thread in all"],
  [...costs].map(([stage, all]) => [
    stage,
    toMs(median(all.map(({ scriptMs }) => scriptMs))),
    toMs(median(all.map(({ layoutMs }) => layoutMs))),
    toMs(median(all.map(({ taskMs }) => taskMs))),
  ]),
);
