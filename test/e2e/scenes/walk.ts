/** Scenes of one tab that walks through the pages of a site: its session goes along. */
import assert from "node:assert/strict";
import type { Engine } from "../../support/browsers.ts";
import { beginTalk, follow, goBack, read, say, shown } from "../../support/engines/words.ts";
import { eventually } from "../../support/site.ts";
import { arrivedOnce, opened, unique } from "./arrivals.ts";
import type { Play, Scenes, Stage } from "./stage.ts";

const NO_STORE = { "cache-control": "no-store" };

/**
 * Connections opened over four pages: one where the worker lives on from page to page. In Firefox it does only while its
 * pages are kept for a way back, and none is whose worker holds a Web Lock: measured in docs/browsers.md.
 */
const OPENED: Record<Engine, { cacheable: number; noStore: number }> = {
  chromium: { cacheable: 1, noStore: 1 },
  firefox: { cacheable: 4, noStore: 4 },
  webkit: { cacheable: 1, noStore: 1 },
};

const walkThrough =
  (pages: "cacheable" | "noStore"): Play =>
  async ({ engine, browser, line, site }) => {
    if (pages === "noStore") line.headers = NO_STORE;
    const { connectionsOpened, guestsCreated } = (await site.state()).totals;
    const tab = await browser.open(`${line.url}/guest-api.html`);
    await beginTalk(tab);
    await say(tab, "hello");
    await shown(tab, /^Hello! What can I do/);
    for (const name of ["Backpacks", "Lamps", "Returns"]) {
      await follow(tab, name);
      await shown(tab, /^Hello! What can I do/);
      await eventually(async () => assert.equal((await site.state()).connections.length, 1));
    }
    const text = unique("thanks");
    await say(tab, text);
    await shown(tab, /^You are welcome/);
    await arrivedOnce(site, text, [tab]);
    const { totals } = await site.state();
    assert.equal(totals.guestsCreated - guestsCreated, 1);
    assert.equal(totals.connectionsOpened - connectionsOpened, OPENED[engine][pages]);
  };

/** No broker and no socket from here on. */
async function cutOff({ line, site }: Stage): Promise<void> {
  line.cut = /^\/broker/;
  await site.control("settings", { refuseSockets: true });
  await site.control("sockets/close", { abnormal: true });
}

const readWithoutNetwork =
  (host: "worker" | "tab"): Play =>
  async (stage) => {
    const { browser, line, site } = stage;
    line.rewrite = (html) => html.replace(" async", ` async data-host="${host}"`);
    line.headers = NO_STORE;
    const tab = await browser.open(`${line.url}/guest-api.html`);
    await beginTalk(tab);
    await say(tab, "lamps");
    await shown(tab, /^The Polaris lamp/);
    await shown(tab, /^Sent/);
    await cutOff(stage);
    const before = await opened(site);
    for (const name of ["Backpacks", "Lamps"]) {
      await follow(tab, name);
      await shown(tab, /^The Polaris lamp/);
      await shown(tab, /^lamps$/);
    }
    assert.deepEqual((await site.state()).connections, []);
    assert.equal(await opened(site), before);
    line.cut = null;
    await site.control("settings", { refuseSockets: false });
    const text = unique("thanks");
    await say(tab, text);
    await shown(tab, /^You are welcome/, 40_000);
    await arrivedOnce(site, text, [tab]);
  };

const goAndComeBack =
  (host: "worker" | "tab"): Play =>
  async ({ browser, line, site }) => {
    line.rewrite = (html) => html.replace(" async", ` async data-host="${host}"`);
    const { guestsCreated } = (await site.state()).totals;
    const texts = ["hello", "lamps", "thanks"].map(unique) as [string, string, string];
    const tab = await browser.open(`${line.url}/guest-api.html`);
    await beginTalk(tab);
    await say(tab, texts[0]);
    await shown(tab, /^Hello! What can I do/);
    await follow(tab, "Lamps");
    await say(tab, texts[1]);
    await shown(tab, /^The Polaris lamp/);
    await goBack(tab, "/guest-api.html");
    // What was said on the other page is here.
    await shown(tab, /^The Polaris lamp/);
    await say(tab, texts[2]);
    await shown(tab, /^You are welcome/);
    await goBack(tab, "/shop/lamps.html", 1);
    await shown(tab, /^You are welcome/);
    for (const text of texts) await arrivedOnce(site, text, [tab]);
    const own = (await read(tab)).filter((line) => texts.includes(line));
    assert.deepEqual(own, texts);
    const { connections, totals } = await site.state();
    assert.equal(totals.guestsCreated - guestsCreated, 1);
    assert.equal(connections.length, 1);
  };

export const walk: Scenes = {
  "a walk of four pages has one session, over as few connections as the engine lets": walkThrough("cacheable"),
  "a walk of four pages that may not be stored has one session, over as few connections as the engine lets":
    walkThrough("noStore"),
  "on a walk the transcript is there without the network, from the worker or its store": readWithoutNetwork("worker"),
  "on a walk of a tab that leads the transcript is there without the network, from its store":
    readWithoutNetwork("tab"),
  "going back and forward keeps one session that is live, and nothing is sent twice (row 56)": goAndComeBack("worker"),
  "going back and forward with a tab that leads keeps one session that is live, and nothing is sent twice (row 56)":
    goAndComeBack("tab"),
};
