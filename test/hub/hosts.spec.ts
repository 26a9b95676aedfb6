/** The hosts in a real browser: the suite that all of them pass, and the way from one to the next. */
import type { ChatError } from "../../src/chat/error.ts";
import { type Client, type ClientOptions, createClient } from "../../src/hub/client.ts";
import type { HubOptions } from "../../src/hub/options.ts";
import { equal, ok, until } from "../element/support.ts";
import { describeHost } from "./contract.ts";

describeHost({ name: "worker", host: "worker", isShared: true, isApart: true });
describeHost({ name: "tab", host: "tab", isShared: true, isApart: false });
describeHost({ name: "frame", host: "frame", filesFrom: "cdn.localhost", isShared: true, isApart: true });
describeHost({ name: "page", host: "page", isShared: false, isApart: false });

describe("where a worker does not start", () => {
  const options: HubOptions = {
    protocol: "guest-api",
    broker: `http://nobody-${crypto.randomUUID()}.localhost/broker`,
    attributes: {},
    storage: "local",
  };
  const clients: Client[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
    sessionStorage.clear();
  });

  /** Collects what a site owner is told. */
  function open(more: Partial<ClientOptions> = {}): { client: Client; degraded: () => string[] } {
    const client = createClient({ options, host: "auto", storage: sessionStorage, ...more });
    clients.push(client);
    const degraded: ChatError[] = [];
    client.subscribe((change) => {
      if (change.degraded) degraded.push(change.degraded);
    });
    return { client, degraded: () => degraded.map(({ code, detail }) => `${code} ${detail}`) };
  }

  /** With something of the browser's replaced until the end of the test. */
  async function without(target: object, name: string, value: unknown, run: () => Promise<void>): Promise<void> {
    const before = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, { configurable: true, value });
    try {
      await run();
    } finally {
      if (before) Object.defineProperty(target, name, before);
      else Reflect.deleteProperty(target, name);
    }
  }
  const remembered = () => sessionStorage.getItem("genesys-guest-chat:host");
  const isUp = (client: Client) => until(() => client.state.epoch, "a hub");

  it("a tab leads, the site owner is told once, and the tab's next page does not try again (row 52)", async () => {
    const { client, degraded } = open({ workerUrl: "/no-such-worker.js" });
    await isUp(client);
    equal(degraded(), ["CHAT_HOST worker: the worker did not start"]);
    equal(remembered(), "tab");
    client.close();
    const next = open({ workerUrl: "/no-such-worker.js" });
    await isUp(next.client);
    equal(next.degraded(), []);
  });

  it("because its script throws at start, a tab leads within 2 s, and the site owner is told once (row 52)", async () => {
    equal((await fetch("/throwing-worker.js")).status, 200);
    const { client, degraded } = open({ workerUrl: "/throwing-worker.js" });
    await until(() => client.state.epoch, "a hub", 2_500);
    equal(degraded().length, 1);
    ok(/^CHAT_HOST worker: (Uncaught )?Error: at start$/.test(String(degraded()[0])), "it names what was thrown");
    equal(remembered(), "tab");
    await client.dispatch({ type: "seen", message: "nobody" });
    equal(degraded().length, 1);
    const another = open({ workerUrl: "/throwing-worker.js" });
    await isUp(another.client);
    equal(another.client.state.epoch, client.state.epoch);
    equal(another.degraded(), []);
  });

  it("and nothing is to be stored, nothing is remembered either", async () => {
    const { client, degraded } = open({ workerUrl: "/no-such-worker.js", options: { ...options, storage: "memory" } });
    await isUp(client);
    equal(degraded().length, 1);
    equal(sessionStorage.length, 0);
  });

  it("because its files are of another origin, and no frame is to be had there, a tab of the page's own leads (row 52)", async () => {
    const nowhere = `http://cdn.localhost:${location.port}/nowhere`;
    const { client, degraded } = open({ workerUrl: `${nowhere}/worker.js` });
    await isUp(client);
    equal(degraded(), [`CHAT_HOST frame: ${nowhere}/hub.html is silent`]);
    equal(document.querySelector("iframe"), null);
  });

  it("and no other host is wanted, the chat fails with the reason and every command settles", async () => {
    const { client } = open({ host: "worker", workerUrl: "/no-such-worker.js" });
    await until(() => client.state.phase === "failed", "failed");
    equal(client.state.reason, { code: "CHAT_HOST", detail: "worker: the worker did not start" });
    equal(await client.dispatch({ type: "open" }).catch((error) => error.code), "CHAT_HOST");
  });

  it("and the host that was asked for is none, the chat fails and names it", async () => {
    const { client } = open({ host: "moon" as never });
    await until(() => client.state.phase === "failed", "failed");
    equal(client.state.reason, { code: "CHAT_CONFIGURATION", detail: 'host="moon"' });
  });

  it("because the browser has none, a tab leads (row 52)", () =>
    without(globalThis, "SharedWorker", undefined, async () => {
      const { client, degraded } = open();
      await isUp(client);
      equal(degraded().length, 1);
      ok(/^CHAT_HOST worker: .*SharedWorker/.test(String(degraded()[0])), "it names what is missing");
    }));

  it("and the page has no locks either, the chat lives in the page, and both reasons are told at once (row 52)", () =>
    without(globalThis, "SharedWorker", undefined, () =>
      without(navigator, "locks", undefined, async () => {
        const { client, degraded } = open();
        await isUp(client);
        equal(degraded().length, 1);
        const why = /^CHAT_HOST worker: .*SharedWorker.*; tab: no Web Locks: the page is not a secure context$/;
        ok(why.test(String(degraded()[0])), "it names what is missing");
        equal(remembered(), "page");
      }),
    ));

  /** One that says nothing, or only that it did not start. */
  const badWorker = (starts: boolean) =>
    class extends EventTarget {
      port = new MessageChannel().port1;
      onerror = (_event: Event) => {};
      constructor() {
        super();
        if (!starts) queueMicrotask(() => this.onerror(new Event("error")));
      }
    };

  it("and nothing is heard of it, a tab leads within 2 s (row 52)", () =>
    without(globalThis, "SharedWorker", badWorker(true), async () => {
      const { client, degraded } = open();
      await until(() => client.state.epoch, "a hub", 2_500);
      equal(degraded(), ["CHAT_HOST worker: no sign of life"]);
    }));

  it("and nothing is heard of it where no other host is wanted, the next one has another name: one that has crashed keeps its own in Firefox", async () => {
    const { SharedWorker } = globalThis;
    const names: unknown[] = [];
    const Silent = badWorker(true);
    function Worker(url: string, settings: WorkerOptions) {
      names.push(settings.name);
      return names.length < 3 ? new Silent() : new SharedWorker(url, settings);
    }
    await without(globalThis, "SharedWorker", Worker, async () => {
      const { client, degraded } = open({ host: "worker" });
      await until(() => client.state.epoch, "a hub", 8_000);
      equal(new Set(names).size, 3);
      equal(degraded(), []);
      equal(remembered(), null);
    });
  });

  const hubs = async (): Promise<string[]> => {
    const { held = [] } = await navigator.locks.query();
    return held.flatMap(({ name }) => (name?.startsWith("genesys-guest-chat hub ") ? [name] : []));
  };

  it("for a second time, having died, a tab leads in its place", async () => {
    const others = await hubs();
    const { client, degraded } = open();
    await isUp(client);
    const own = (await hubs()).filter((name) => !others.includes(name));
    equal(own.length, 1);
    await without(globalThis, "SharedWorker", badWorker(false), async () => {
      // To its tabs, a worker without its lock is a dead one.
      for (const name of own) await navigator.locks.request(name, { steal: true }, () => {});
      await until(() => degraded().length, "what the site owner is told");
    });
    equal(degraded(), ["CHAT_HOST worker: the worker did not start"]);
    await client.dispatch({ type: "seen", message: "nobody" });
  });
});

describe("a tab that leads", () => {
  const options: HubOptions = {
    protocol: "guest-api",
    broker: `http://leader-${crypto.randomUUID()}.localhost/broker`,
    attributes: {},
    storage: "memory",
  };
  const lock = `genesys-guest-chat ${options.protocol} ${options.broker} ${options.storage}`;
  let client: Client;
  afterEach(() => client.close());
  const epochIsNot = (epoch: string) =>
    until(() => client.state.epoch && client.state.epoch !== epoch, "a new hub", 8_000);
  /** Granted when the tab no longer leads. */
  const hasSteppedDown = () => navigator.locks.request(lock, () => {});

  it("steps down when the browser freezes it, and is there again when it thaws", async () => {
    client = createClient({ options, host: "tab" });
    const epoch = await until(() => client.state.epoch, "a hub");
    document.dispatchEvent(new Event("freeze"));
    await hasSteppedDown();
    document.dispatchEvent(new Event("resume"));
    await epochIsNot(epoch);
  });

  it("steps down when another one has taken its place, and leads again when that one has gone", async () => {
    client = createClient({ options, host: "tab" });
    const epoch = await until(() => client.state.epoch, "a hub");
    await navigator.locks.request(lock, { steal: true }, () => {});
    await epochIsNot(epoch);
  });

  it("takes the place of one that does not answer for 5 s", async () => {
    const frozen = navigator.locks.request(lock, () => new Promise(() => {})).catch(({ name }) => name);
    client = createClient({ options, host: "tab" });
    await until(() => client.state.epoch, "a hub", 8_000);
    equal(await frozen, "AbortError");
  });
});
