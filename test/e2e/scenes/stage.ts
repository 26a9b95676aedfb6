/** Where scenes are played: the demo site, and a fresh browser of one engine for each. */
import assert from "node:assert/strict";
import { afterEach } from "node:test";
import type { Engine } from "../../support/browsers.ts";
import type { Browser } from "../../support/engines/browser.ts";
import { launch } from "../../support/engines/launch.ts";
import { eventually, useDemo } from "../../support/site.ts";
import type { Scene } from "./scenes.ts";

/** For a `describe`; gives the way to play one scene. */
export function useStage(engine: Engine): (scene: Scene) => Promise<void> {
  const site = useDemo();
  let browser: Browser | undefined;

  afterEach(async () => {
    await browser?.close();
    browser = undefined;
    assert.deepEqual(site.demo.reports(), []);
    // What the closed browser leaves must not count for the next scene.
    await site.control("settings", { refuseSockets: false });
    await site.control("sockets/close", { code: 1000 });
    await eventually(async () => assert.deepEqual((await site.state()).connections, []));
  });

  return async (scene) => {
    browser = await launch[engine]();
    await scene(browser, site);
  };
}
