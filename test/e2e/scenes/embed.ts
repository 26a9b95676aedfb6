/** Scenes of the chat from another origin: what the hub frame shares among a site's tabs, and what it keeps from everybody else. */
import assert from "node:assert/strict";
import { demoDeployment } from "../../../src/sandbox/web-messaging/demo-deployment.ts";
import type { Tab } from "../../support/engines/browser.ts";
import { beginTalk, read, say, shown } from "../../support/engines/words.ts";
import { at } from "../../support/site.ts";
import { opened } from "./arrivals.ts";
import type { Play, Scenes, Stage } from "./stage.ts";

const visit = ({ browser, site }: Stage, name = "shop"): Promise<Tab> =>
  browser.open(`${at(site.demo.url, name)}/embed.html`);

/** The same page with the tag of a deployment, whose endpoint is the shop's own. */
function visitDeployment({ browser, site, line }: Stage): Promise<Tab> {
  const endpoint = at(site.demo.url, "shop");
  line.rewrite = (html) =>
    html.replace(/data-broker="[^"]*"/, `data-deployment-id="${demoDeployment.id}" data-endpoint="${endpoint}"`);
  return browser.open(`${at(line.url, "shop")}/embed.html`);
}

const shareOne =
  (enter: (stage: Stage) => Promise<Tab>): Play =>
  async (stage) => {
    const { site } = stage;
    const before = await opened(site);
    const tabs = [await enter(stage), await enter(stage), await enter(stage)] as const;
    for (const tab of tabs) await beginTalk(tab);
    await say(tabs[0], "lamps");
    for (const tab of tabs) await shown(tab, /^lamps$/);
    for (const tab of tabs) await shown(tab, /^The Polaris lamp/);
    assert.equal(await opened(site), before + 1);
    const { connections } = await site.state();
    assert.deepEqual(
      connections.map(({ origin }) => origin),
      [at(site.demo.url, "cdn")],
    );
  };

/** Runs in the page before the chat is fetched: all that its ports and listeners hear. */
function eavesdrop(): void {
  const heard: string[] = [];
  Object.assign(window, { heard });
  const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage") as PropertyDescriptor;
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    set(listener: (event: MessageEvent) => void) {
      set?.call(this, (event: MessageEvent) => {
        heard.push(JSON.stringify(event.data));
        listener.call(this, event);
      });
    },
  });
  addEventListener("message", ({ data }) => heard.push(JSON.stringify(data)));
}

/** Runs in the page: what it gets of its frame, or how it is refused. */
function reachIntoFrame(): string[] {
  const frame = document.querySelector("iframe") as HTMLIFrameElement;
  const inside = () => frame.contentWindow as unknown as Record<string, unknown>;
  const attempts = [
    () => frame.contentDocument,
    ...["document", "indexedDB", "localStorage", "sessionStorage", "SharedWorker"].map((name) => () => inside()[name]),
  ];
  return attempts.map((attempt) => {
    try {
      return String(attempt());
    } catch (error) {
      return (error as Error).name;
    }
  });
}

/** Runs in the page: what the site's own origin keeps of the chat. */
async function lookIntoStorage(): Promise<string> {
  const databases = await indexedDB.databases();
  return JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie, databases });
}

/** Runs in the page: what a site owner is told. */
function listenForDegraded(): void {
  const told: string[] = [];
  Object.assign(window, { told });
  document.addEventListener("chat-degraded", (event) => {
    const { error } = event as Event & { error: { code: string; detail: string } };
    told.push(`${error.code} ${error.detail}`);
  });
}

export const embed: Scenes = {
  "three tabs of a shop with the chat from a CDN have one connection": shareOne(visit),
  "three tabs of a shop with a deployment's chat from a CDN have one connection": shareOne(visitDeployment),

  async "two sites never share a session, not even two names of one site"(stage) {
    const { site } = stage;
    const before = await opened(site);
    const names = ["shop", "other", "www.shop"];
    const tabs: Tab[] = [];
    for (const name of names) {
      const tab = await visit(stage, name);
      await beginTalk(tab);
      await say(tab, `hello from ${name}!`);
      await shown(tab, /^Hello! What can I do/);
      tabs.push(tab);
    }
    for (const [index, tab] of tabs.entries()) {
      const said = (await read(tab)).filter((line) => line.startsWith("hello from"));
      assert.deepEqual(said, [`hello from ${names[index]}!`]);
    }
    const { connections } = await site.state();
    assert.equal(new Set(connections.map(({ session }) => session)).size, 3);
    assert.equal(await opened(site), before + 3);
  },

  async "the page can read neither the token nor the storage of the frame (S10)"(stage) {
    const tab = await visit(stage);
    await tab.evaluate(`(${eavesdrop})()`);
    await beginTalk(tab);
    await say(tab, "lamps");
    await shown(tab, /^The Polaris lamp/);

    assert.deepEqual(await tab.evaluate(`(${reachIntoFrame})()`), ["null", ...Array(5).fill("SecurityError")]);
    const heard = String(await tab.evaluate(`heard.join("\\n")`));
    assert.match(heard, /The Polaris lamp/);
    assert.doesNotMatch(heard, /eyJ|ticket|guestToken|Bearer|ws:/);
    const kept = String(await tab.evaluate(`(${lookIntoStorage})()`));
    assert.match(kept, /"databases":\[\]/);
    assert.match(kept, /"cookie":""/);
    assert.match(kept, /genesys-guest-chat/);
    assert.doesNotMatch(kept, /eyJ|ticket|Polaris|lamps/);
    const asked = String(await tab.evaluate(`performance.getEntriesByType("resource").map(({ name }) => name).join()`));
    assert.match(asked, /element\.js/);
    assert.doesNotMatch(asked, /\/broker/);
  },

  async "where the page forbids the frame, a tab of its own leads, and the site owner is told once why (row 52)"(
    stage,
  ) {
    const { browser, line, site } = stage;
    line.rewrite = (html) =>
      html.replace("<head>", `<head><meta http-equiv="Content-Security-Policy" content="frame-src 'none'" />`);
    const before = await opened(site);
    const open = async () => {
      const tab = await browser.open(`${at(line.url, "shop")}/embed.html`);
      await tab.evaluate(`(${listenForDegraded})()`);
      await beginTalk(tab);
      return tab;
    };
    const tabs = [await open(), await open()] as const;
    await say(tabs[0], "lamps");
    for (const tab of tabs) {
      await shown(tab, /^The Polaris lamp/);
      assert.deepEqual(await tab.evaluate("told"), [
        `CHAT_HOST frame: ${at(site.demo.url, "cdn")}/dist/hub.html is silent`,
      ]);
      assert.equal(await tab.evaluate(`document.querySelector("iframe")`), null);
    }
    // A tab that leads, where each page would have a connection of its own.
    assert.equal(await opened(site), before + 1);
  },
};
