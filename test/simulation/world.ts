/** A world in one thread: tabs, hubs, broker and sandbox, all real; time, network, disk, machine and death are the simulation's. */
import { createBroker } from "../../src/broker/broker.ts";
import { type Client, createClient } from "../../src/hub/client.ts";
import type { HostRequest } from "../../src/hub/hosts/rung.ts";
import { createHub, type Hub } from "../../src/hub/hub.ts";
import type { HubPort, Update, Upward } from "../../src/hub/port.ts";
import { createPortPair } from "../../src/hub/port-pair.ts";
import { createGuestApi } from "../../src/protocols/guest-api/guest-api.ts";
// Chunks that are fetched when they are needed: a fetch takes real time, which a simulation must not depend on.
import "../../src/protocols/guest-api/errands.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import * as activityLog from "../../src/session/activity/activity-log.ts";
import { createSession } from "../../src/session/session.ts";
import type { Store } from "../../src/session/store.ts";
import { OPTIONS } from "../hub/support.ts";
import { mapStorage } from "../hub/tab-script.ts";
import { judgement } from "../support/judgement.ts";
import { useSimulatedCrypto } from "./crypto.ts";
import { createDevice, type Device } from "./device.ts";
import { createDisk, type Disk } from "./disk.ts";
import { createNetwork, type Network, ORIGIN } from "./network.ts";
import { createRandom, createTime, type VirtualTime } from "./time.ts";
import { createWatch, type Watch } from "./watch.ts";

export interface SandboxState {
  connections: { id: string; session: string }[];
  sessions: { id: string; messages: { id: string; clientId?: string; from: string; text?: string }[] }[];
}

export interface Tab {
  client: Client;
  host: HostRequest;
  storage: ReturnType<typeof mapStorage>;
  /** The hub of now has told it what it shows. */
  joined: boolean;
  /** Commands that are not settled. */
  open: Set<string>;
}

export interface World {
  time: VirtualTime;
  random(): number;
  device: Device;
  disk: Disk;
  network: Network;
  watch: Watch;
  tabs: Set<Tab>;
  /** Whether a hub is up, and whether what it keeps outlives it. */
  hub(): { durable: boolean } | null;
  openTab(storage?: Tab["storage"]): Tab;
  /** The page goes; what its tab keeps stays for a reload. */
  closeTab(tab: Tab): void;
  /** The hub's process is killed, or the hub leaves; another is brought up after `ms`. */
  endHub(how: "kill" | "leave", ms: number): void;
  control(path: string, body: object): Promise<void>;
  state(): Promise<SandboxState>;
  /** What crossed, as the sandbox has logged it. */
  log(): Promise<string>;
}

export interface WorldRequest {
  /** A hub without a disk has gone, or one begins that cannot read it: what there was is nowhere but at the server. */
  onLoss(): void;
  /** No fault keeps a token from being renewed in time. */
  calm: boolean;
  chance: number;
  tokenSeconds: number;
  messagesPerMinute: number;
  wrongMs: number;
}

export function createWorld({ onLoss, calm, chance, tokenSeconds, messagesPerMinute, wrongMs }: WorldRequest): World {
  const random = createRandom(chance);
  const time = createTime();
  const device = createDevice(time, wrongMs);
  const watch = createWatch(device, calm);
  let ids = 0;
  const randomId = () => {
    ids += 1;
    return `00000000-0000-4000-8000-${String(ids).padStart(12, "0")}`;
  };
  useSimulatedCrypto(randomId);
  const sandbox = createSandbox({
    bot: false,
    clock: time.clock,
    randomId,
    guestTokenSeconds: tokenSeconds,
    requestsPerMinute: 10_000,
    limits: { messagesPerMinute },
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
    clock: { now: time.clock.now, monotonic: time.clock.monotonic, wait: time.wait },
    random,
  });
  const network = createNetwork({ time, device, watch, random, randomId, sandbox, broker });
  const disk = createDisk(device, random);
  const tabs = new Set<Tab>();
  let hub: { hub: Hub; store: Store; die(): void } | null = null;
  let isLost = false;

  function startHub() {
    let alive = true;
    const { platform, die } = network.createPlatform();
    const protocol = createGuestApi({ broker: "https://broker.test", route: "sales" });
    const store = disk.open(() => alive);
    watch.began();
    // Nor is what was typed in the gap continued: it belongs to a conversation that nobody knows any more.
    if (!store.durable || isLost) onLoss();
    isLost = false;
    hub = {
      hub: createHub({
        openSession: () => createSession({ protocol, platform, store, activityLog, judgement, attributes: {} }),
      }),
      store,
      die() {
        die();
        alive = false;
      },
    };
    for (const tab of tabs) attach(tab);
  }

  /** G1: what is shown as on its way is on disk, where there is one. */
  function watched(port: HubPort, tab: Tab, store: Store): HubPort {
    return {
      ...port,
      post(update) {
        tab.joined ||= update.reset === true;
        for (const { id, delivery } of update.messages ?? []) {
          const isLoose = delivery === "sending" && store.durable && !disk.cleared && !disk.has("messages", id);
          if (isLoose) watch.break(`G1: ${id} is shown before it is on disk`);
        }
        port.post(update);
      },
    };
  }

  function attach(tab: Tab) {
    if (!hub) return;
    tab.joined = false;
    const [tabPort, hubPort] = createPortPair<Upward, Update>();
    hub.hub.accept(watched(hubPort, tab, hub.store));
    tab.host.onPort(tabPort);
  }
  startHub();

  return {
    time,
    random,
    device,
    disk,
    network,
    watch,
    tabs,
    hub: () => hub && { durable: hub.store.durable },
    openTab(storage = mapStorage()) {
      let host: HostRequest | undefined;
      const client = createClient({
        options: OPTIONS,
        host: "auto",
        storage,
        clock: device.clock,
        startHost(request) {
          host = request;
          return () => {};
        },
      });
      const tab: Tab = { client, host: host as HostRequest, storage, joined: false, open: new Set() };
      tabs.add(tab);
      attach(tab);
      return tab;
    },
    closeTab(tab) {
      tabs.delete(tab);
      tab.client.close();
    },
    endHub(how, ms) {
      if (!hub) return;
      const { hub: ended, store, die } = hub;
      // What is on its way to a disk that refuses it is as good as lost.
      isLost = !store.durable || !disk.sound;
      if (isLost) onLoss();
      hub = null;
      if (how === "kill") die();
      else ended.close();
      device.clock.after(ms, startHub);
    },
    async control(path, body) {
      const request = new Request(`https://genesys.test/sandbox/${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const answer = await sandbox.fetch(request);
      if (!answer.ok && answer.status !== 404) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    },
    async state() {
      const answer = await sandbox.fetch(new Request("https://genesys.test/sandbox/state"));
      return (await answer.json()) as SandboxState;
    },
    log: async () => (await sandbox.fetch(new Request("https://genesys.test/sandbox/log"))).text(),
  };
}
