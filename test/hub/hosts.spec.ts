/** The hosts in a real browser: the suite that all of them pass, and the way from one to the next. */
import type { ChatError } from "../../src/chat/error.ts";
import { type Client, createClient } from "../../src/hub/client.ts";
import type { HubOptions } from "../../src/hub/options.ts";
import { equal, until } from "../element/support.ts";
import { describeHost } from "./contract.ts";

describeHost({ name: "worker", host: "worker", isShared: true, isApart: true });
describeHost({ name: "tab", host: "tab", isShared: true, isApart: false });
describeHost({ name: "page", host: "page", isShared: false, isApart: false });

describe("where a worker does not start", () => {
  const options: HubOptions = {
    protocol: "guest-api",
    broker: "http://nobody.localhost/broker",
    attributes: {},
    storage: "memory",
  };
  const clients: Client[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  /** Collects what a site owner is told. */
  function open(host: "auto" | "worker", workerUrl?: string): { client: Client; degraded: ChatError[] } {
    const client = createClient({ options, host, workerUrl });
    clients.push(client);
    const degraded: ChatError[] = [];
    client.subscribe((change) => {
      if (change.degraded) degraded.push(change.degraded);
    });
    return { client, degraded };
  }

  it("the chat lives in the page, and the site owner is told once", async () => {
    const { client, degraded } = open("auto", "/no-such-worker.js");
    await until(() => client.state.epoch, "a hub");
    equal(
      degraded.map(({ code, detail }) => `${code} ${detail}`),
      ["CHAT_HOST worker: the worker did not start"],
    );
  });

  it("and no other host is wanted, the chat fails with the reason and every command settles", async () => {
    const { client } = open("worker", "/no-such-worker.js");
    await until(() => client.state.phase === "failed", "failed");
    equal(client.state.reason?.code, "CHAT_HOST");
    equal(await client.dispatch({ type: "open" }).catch((error) => error.code), "CHAT_HOST");
  });

  it("because the browser has none, the chat lives in the page", async () => {
    const { SharedWorker } = globalThis;
    Object.assign(globalThis, { SharedWorker: undefined });
    try {
      const { client, degraded } = open("auto");
      await until(() => client.state.epoch, "a hub");
      equal(degraded[0]?.detail, "worker: this browser has no SharedWorker");
    } finally {
      Object.assign(globalThis, { SharedWorker });
    }
  });
});
