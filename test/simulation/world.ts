/** A world in one thread: tabs, hubs, broker and sandbox, all real; time, network, disk and death are the simulation's. */
import { createBroker } from "../../src/broker/broker.ts";
import { type Client, createClient } from "../../src/hub/client.ts";
import type { HostRequest } from "../../src/hub/hosts/rung.ts";
import { createHub, type Hub } from "../../src/hub/hub.ts";
import type { Update, Upward } from "../../src/hub/port.ts";
import { createPortPair } from "../../src/hub/port-pair.ts";
import { createGuestApi } from "../../src/protocols/guest-api/guest-api.ts";
// Chunks that are fetched when they are needed: a fetch takes real time, which a simulation must not depend on.
import "../../src/protocols/guest-api/errands.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import * as activityLog from "../../src/session/activity/activity-log.ts";
import { createSession } from "../../src/session/session.ts";
import { memoryStore, type Store, type Table } from "../../src/session/store.ts";
import { OPTIONS } from "../hub/support.ts";
import { mapStorage } from "../hub/tab-script.ts";
import { createNetwork, type Network, ORIGIN } from "./network.ts";
import { createRandom, createTime, type VirtualTime } from "./time.ts";

export interface SandboxState {
  connections: { id: string; session: string }[];
  sessions: { id: string; messages: { id: string; clientId?: string; from: string; text?: string }[] }[];
  totals: { connectionsOpened: number; guestsCreated: number };
}

export interface Tab {
  client: Client;
  host: HostRequest;
  storage: ReturnType<typeof mapStorage>;
  /** Commands that are not settled. */
  open: Set<string>;
}

export interface World {
  time: VirtualTime;
  random(): number;
  network: Network;
  tabs: Set<Tab>;
  openTab(storage?: Tab["storage"]): Tab;
  /** The page goes; what its tab keeps stays for a reload. */
  closeTab(tab: Tab): void;
  /** The hub's process is killed; another is brought up after `ms`. */
  killHub(ms: number): void;
  control(path: string, body: object): Promise<void>;
  state(): Promise<SandboxState>;
  /** What crossed, as the sandbox has logged it. */
  log(): Promise<string>;
}

export async function createWorld(seed: number): Promise<World> {
  const random = createRandom(seed);
  const time = createTime();
  const { clock, held } = time;
  let ids = 0;
  const randomId = () => {
    ids += 1;
    return `00000000-0000-4000-8000-${String(ids).padStart(12, "0")}`;
  };
  const sandbox = createSandbox({
    bot: false,
    clock,
    randomId,
    guestTokenSeconds: 20 + Math.floor(random() * 300),
    requestsPerMinute: 10_000,
    limits: { messagesPerMinute: 10_000 },
  });
  const broker = createBroker({
    baseUrl: "https://genesys.test",
    clientId: "sandbox",
    clientSecret: "sandbox-secret",
    routes: { sales: { queue: "q", skill: "s", language: "en-GB" } },
    allowedOrigins: [ORIGIN],
    ticketSecrets: ["simulation simulation simulation simulation"],
    perMinute: 10_000,
    fetch: (request) => sandbox.fetch(request),
    clock: { now: clock.now, monotonic: clock.monotonic, wait: time.wait },
    random,
  });
  const network = createNetwork({ time, random, randomId, sandbox, broker: (request) => held(broker(request)) });
  const disk = memoryStore();
  const tabs = new Set<Tab>();
  let hub: Hub | null = null;
  let die = () => {};

  /** A disk that is written a moment later, in order as IndexedDB's transactions are, and by the living only. */
  function createDisk(isAlive: () => boolean): Store {
    let last: Promise<unknown> = Promise.resolve();
    const later = <T>(act: () => Promise<T>): Promise<T> => {
      const turn = last
        .then(() => time.wait(random() * 4))
        .then(() => (isAlive() ? act() : new Promise<never>(() => {})));
      last = turn;
      return turn;
    };
    return {
      durable: true,
      all: (table: Table) => structuredClone(disk.all(table)),
      put: (table, key, value) => {
        const copy = structuredClone(value);
        return later(() => disk.put(table, key, copy));
      },
      delete: (table, key) => later(() => disk.delete(table, key)),
      clear: () => later(() => disk.clear()),
      close() {},
    };
  }

  function startHub() {
    let alive = true;
    const { platform, die: take } = network.createPlatform();
    const protocol = createGuestApi({ broker: "https://broker.test", route: "sales" });
    const store = createDisk(() => alive);
    hub = createHub({ openSession: () => createSession({ protocol, platform, store, activityLog, attributes: {} }) });
    die = () => {
      take();
      alive = false;
    };
    for (const tab of tabs) attach(tab);
  }

  function attach({ host }: Tab) {
    if (!hub) return;
    const [tabPort, hubPort] = createPortPair<Upward, Update>();
    hub.accept(hubPort);
    host.onPort(tabPort);
  }
  startHub();

  return {
    time,
    random,
    network,
    tabs,
    openTab(storage = mapStorage()) {
      let host: HostRequest | undefined;
      const client = createClient({
        options: OPTIONS,
        host: "auto",
        storage,
        clock,
        startHost(request) {
          host = request;
          return () => {};
        },
      });
      const tab: Tab = { client, host: host as HostRequest, storage, open: new Set() };
      tabs.add(tab);
      attach(tab);
      return tab;
    },
    closeTab(tab) {
      tabs.delete(tab);
      tab.client.close();
    },
    killHub(ms) {
      if (!hub) return;
      die();
      hub = null;
      clock.after(ms, startHub);
    },
    async control(path, body) {
      const request = new Request(`https://genesys.test/sandbox/${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const answer = await held(sandbox.fetch(request));
      if (!answer.ok && answer.status !== 404) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    },
    async state() {
      const answer = await held(sandbox.fetch(new Request("https://genesys.test/sandbox/state")));
      return (await answer.json()) as SandboxState;
    },
    log: async () => (await held(sandbox.fetch(new Request("https://genesys.test/sandbox/log")))).text(),
  };
}
