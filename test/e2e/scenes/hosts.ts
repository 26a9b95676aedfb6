/** Scenes of hubs that die under their tabs: the next one comes up, and what was typed in the gap is sent once. */
import assert from "node:assert/strict";
import type { Tab } from "../../support/engines/browser.ts";
import { beginTalk, say, shown } from "../../support/engines/words.ts";
import { eventually } from "../../support/site.ts";
import { arrivedOnce, copies, opened, unique } from "./arrivals.ts";
import type { Play, Scenes, Stage } from "./stage.ts";

type Kill = (first: Tab, stage: Stage) => Promise<void> | undefined;

/** A tab of the guest's, with the chat open. */
async function openTab({ browser, line }: Stage): Promise<Tab> {
  const tab = await browser.open(`${line.url}/guest-api.html`);
  await beginTalk(tab);
  return tab;
}

/** Of one site and guest; the first of them was there before the others. */
async function openTabs(stage: Stage, host: "auto" | "worker" | "tab"): Promise<[Tab, Tab, Tab]> {
  stage.line.rewrite = (html) => html.replace(" async", ` async data-host="${host}"`);
  return [await openTab(stage), await openTab(stage), await openTab(stage)];
}

/** The hub of three tabs dies by `kill`, which the last two survive. */
const inTheGap =
  (host: "auto" | "worker" | "tab", kill: Kill): Play =>
  async (stage) => {
    const { site } = stage;
    const [first, second, third] = await openTabs(stage, host);
    const before = await opened(site);
    // The gap is as long as the test needs it: whoever comes up has no connection yet.
    await site.control("settings", { refuseSockets: true });
    await kill(first, stage);
    const text = unique("lamps");
    await say(second, text);
    await shown(second, text);
    await eventually(async () => assert.deepEqual((await site.state()).connections, []));
    assert.equal(await copies(site, text), 0);
    await site.control("settings", { refuseSockets: false });
    for (const tab of [second, third]) await shown(tab, /^The Polaris lamp/, 40_000);
    await arrivedOnce(site, text, [second, third]);
    await say(third, "thanks");
    await shown(second, /^You are welcome/);
    assert.equal((await site.state()).connections.length, 1);
    assert.equal(await opened(site), before + 1);
  };

const noCrash = "its driver ends the session with the first page that crashes";

export const hosts: Scenes = {
  async "three tabs without a worker have one connection: one of them leads"(stage) {
    const before = await opened(stage.site);
    const tabs = await openTabs(stage, "tab");
    await say(tabs[1], "lamps");
    for (const tab of tabs) await shown(tab, /^The Polaris lamp/);
    assert.equal((await stage.site.state()).connections.length, 1);
    assert.equal(await opened(stage.site), before + 1);
  },

  "the tab that leads is closed: another one leads, and what was typed in the gap arrives once": inTheGap(
    "tab",
    (leader) => leader.close(),
  ),

  "the tab that leads goes to another site: another one leads, and what was typed in the gap arrives once": inTheGap(
    "tab",
    (leader) => leader.goTo("about:blank"),
  ),

  "the tab that leads crashes: another one leads, and what was typed in the gap arrives once (row 54)": {
    play: inTheGap("tab", (leader) => leader.crash?.()),
    cannot: { webkit: noCrash },
  },

  async "the tab that the worker began with is closed: the others go on, and what is typed then arrives once"(stage) {
    const { site } = stage;
    const [first, second, third] = await openTabs(stage, "worker");
    await first.close();
    const text = unique("lamps");
    await say(second, text);
    for (const tab of [second, third]) await shown(tab, /^The Polaris lamp/);
    await arrivedOnce(site, text, [second, third]);
    await eventually(async () => assert.equal((await site.state()).connections.length, 1));
  },

  "the tab that the worker runs with crashes: the others go on together, and what was typed in the gap arrives once": {
    // In Firefox the dead worker's name is taken: a tab leads.
    play: inTheGap("auto", (host) => host.crash?.()),
    cannot: { webkit: noCrash },
  },

  "and where nothing but a worker is wanted, the others and a new tab bring up the next one (row 54)": {
    play: async (stage) => {
      await inTheGap("worker", (host) => host.crash?.())(stage);
      const { site } = stage;
      const before = await opened(site);
      const late = await openTab(stage);
      await shown(late, /^You are welcome/);
      const text = unique("returns");
      await say(late, text);
      await arrivedOnce(site, text, [late]);
      assert.equal(await opened(site), before);
    },
    cannot: { webkit: noCrash },
  },

  "the worker dies: its tabs bring up a new one, and what was typed in the gap arrives once (row 53)": {
    play: inTheGap("worker", (_, { browser }) => browser.killWorkers?.()),
    cannot: {
      firefox: "its driver reaches no worker; it dies there with the tab that it runs with",
      webkit: "its driver reaches no worker",
    },
  },
};
