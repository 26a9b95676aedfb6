/** Scenes of a talk: up and down, over a reload, in three tabs, over a cut, without storage. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openChat, read, say, shown } from "../../support/engines/words.ts";
import { eventually, type SandboxState } from "../../support/site.ts";
import { type Dialect, inBoth } from "./dialects.ts";
import type { Scenes } from "./stage.ts";

const ofEither = ({ pages }: Dialect): Scenes => ({
  async "a text goes up and the bot's answer comes down, through a SharedWorker"({ browser, site }) {
    const tab = await browser.open(`${site.demo.url}${pages[0]}`);
    await openChat(tab);
    await shown(tab, /Welcome to Fernweh/);
    await say(tab, "hello");
    await shown(tab, /^Hello! What can I do/);
    await shown(tab, /^Sent/);
    assert.equal((await site.state()).connections.length, 1);
    // With the worker host the page has neither socket nor credentials.
    const asked = await tab.evaluate(`performance.getEntriesByType("resource").map(({ name }) => name).join()`);
    assert.match(String(asked), /element\.js/);
    assert.doesNotMatch(String(asked), /\/v1\/sessions/);
  },

  async "a reload keeps the transcript and the session"({ browser, site }) {
    const tab = await browser.open(`${site.demo.url}${pages[0]}`);
    await openChat(tab);
    await say(tab, "hello");
    await shown(tab, /^Hello! What can I do/);
    const before = await site.state();
    await tab.reload();
    await shown(tab, /^hello$/);
    await shown(tab, /^Hello! What can I do/);
    await say(tab, "thanks");
    await shown(tab, /^You are welcome/);
    const sessions = ({ connections }: SandboxState) => connections.map(({ session }) => session);
    await eventually(async () => {
      const after = await site.state();
      assert.equal(after.totals.guestsCreated, before.totals.guestsCreated);
      assert.deepEqual(sessions(after), sessions(before));
    });
  },

  async "three tabs have one connection, and a text typed in one appears in the others within 1 s"({ browser, site }) {
    const opened = (await site.state()).totals.connectionsOpened;
    const first = await browser.open(`${site.demo.url}${pages[0]}`);
    const others = [
      await browser.open(`${site.demo.url}${pages[1]}`),
      await browser.open(`${site.demo.url}${pages[2]}`),
    ];
    for (const tab of [first, ...others]) await openChat(tab);
    for (const tab of [first, ...others]) await shown(tab, /Welcome to Fernweh/);
    await say(first, "lamps");
    await Promise.all(others.map((tab) => shown(tab, /^lamps$/, 1_000)));
    for (const tab of [first, ...others]) await shown(tab, /^The Polaris lamp/);
    const { connections, totals } = await site.state();
    assert.equal(connections.length, 1);
    assert.equal(totals.connectionsOpened - opened, 1);
  },

  async "what is typed while the line is cut is kept, and arrives once when it is back"({ browser, site }) {
    const tab = await browser.open(`${site.demo.url}${pages[0]}`);
    await openChat(tab);
    await shown(tab, /Welcome to Fernweh/);
    await site.control("settings", { refuseSockets: true });
    await site.control("sockets/close", { abnormal: true });
    await say(tab, "lamps");
    await shown(tab, /^Sending/);
    await site.control("settings", { refuseSockets: false });
    await shown(tab, /^The Polaris lamp/, 40_000);
    assert.equal((await read(tab)).filter((line) => line === "lamps").length, 1);
    const { connections, sessions } = await site.state();
    const session = sessions.find(({ id }) => id === connections[0]?.session);
    assert.equal(session?.messages.filter(({ text }) => text === "lamps").length, 1);
  },
});

export const talk: Scenes = {
  ...inBoth(ofEither),

  async "storage is blocked: the chat works, and the guest is told"({ browser, site }) {
    const { url } = site.demo;
    // In the page, since no driver can block storage in all engines alike, and none at all in a worker.
    const page = `<!doctype html><title>No storage</title><script>${blockStorage}
      blockStorage();</script><script async src="${url}/dist/loader.js" data-broker="${url}/broker" data-host="page"></script>`;
    const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end(page));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const tab = await browser.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await openChat(tab);
      await say(tab, "hello");
      await shown(tab, /^Hello! What can I do/);
      await shown(tab, /Your browser blocks storage/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
};

/** Runs in a page, as text: even looking at a storage throws, as where a guest has blocked it. */
function blockStorage(): void {
  for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
    Object.defineProperty(globalThis, name, {
      get() {
        throw new DOMException("blocked", "SecurityError");
      },
    });
  }
}
