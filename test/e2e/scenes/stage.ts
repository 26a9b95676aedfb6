/** Where scenes are played: the demo site, a tap before it, and a fresh browser of one engine for each. */
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import type { Engine } from "../../support/browsers.ts";
import type { Browser } from "../../support/engines/browser.ts";
import { launch } from "../../support/engines/launch.ts";
import { type DemoSite, eventually, useDemo } from "../../support/site.ts";
import { type Tap, tap } from "../../support/tap.ts";

export interface Stage {
  engine: Engine;
  browser: Browser;
  site: DemoSite;
  /** The same site through a tap, for scenes in which pages come changed, or something does not come at all. */
  line: Tap;
}

export type Play = (stage: Stage) => Promise<void>;

/** By what they show. Those that not every engine can play say why. */
export type Scenes = Record<string, Play | { play: Play; cannot: Partial<Record<Engine, string>> }>;

/** For a `describe`; gives what `test` takes for each scene. */
export function useStage(engine: Engine, scenes: Scenes): [name: string, { skip?: string }, () => Promise<void>][] {
  const site = useDemo(() => ({ signIn: true }));
  let line: Tap;
  let browser: Browser | undefined;

  before(async () => {
    line = await tap(site.demo.url);
  });
  after(() => line?.close());
  afterEach(async () => {
    await browser?.close();
    browser = undefined;
    assert.deepEqual(site.demo.reports(), []);
    // What the closed browser leaves must not count for the next scene.
    Object.assign(line, { rewrite: (html: string) => html, headers: {}, cut: null });
    await site.control("settings", { refuseSockets: false });
    await site.control("sockets/close", { code: 1000 });
    await eventually(async () => assert.deepEqual((await site.state()).connections, []));
  });

  return Object.entries(scenes).map(([name, scene]) => {
    const { play, cannot } = typeof scene === "function" ? { play: scene, cannot: {} } : scene;
    const run = async () => {
      browser = await launch[engine]();
      await play({ engine, browser, site, line });
    };
    return [name, { skip: cannot[engine] }, run];
  });
}
