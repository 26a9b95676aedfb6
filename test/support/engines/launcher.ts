/** Web Test Runner in an engine for which it has no launcher that works here: each file in a browser of its own. */
import type { BrowserLauncher } from "@web/test-runner";
import type { Browser } from "./browser.ts";

/** `name` is how the runner's output calls the engine. */
export function createLauncher(name: string, launch: () => Promise<Browser>): BrowserLauncher {
  const sessions = new Map<string, { browser: Browser; url: string }>();
  return {
    name,
    type: "engine",
    // A browser of several processes each: two cores have enough to do with one.
    concurrency: 1,
    async startSession(id, url) {
      const browser = await launch();
      sessions.set(id, { browser, url });
      await browser.open(url);
    },
    isActive: (id) => sessions.has(id),
    getBrowserUrl: (id) => sessions.get(id)?.url,
    async stopSession(id) {
      await sessions.get(id)?.browser.close();
      sessions.delete(id);
      return {};
    },
    async startDebugSession() {
      throw new Error(`${name} cannot be debugged from here.`);
    },
    async stop() {
      await Promise.all([...sessions.values()].map(({ browser }) => browser.close()));
    },
  };
}
