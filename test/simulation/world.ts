/** A world in one thread: tabs, hubs, broker and sandbox, all real; time, network, disk, machine and death are the simulation's. */
import { createBroker } from "../../src/broker/broker.ts";
import { type Client, createClient } from "../../src/hub/client.ts";
import type { HostRequest } from "../../src/hub/hosts/rung.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { mapStorage } from "../hub/tab-script.ts";
import { useSimulatedCrypto } from "./crypto.ts";
import { createDevice, type Device } from "./device.ts";
import { DIALECTS, type Dialect } from "./dialect.ts";
import { createDisk, type Disk } from "./disk.ts";
import { createElsewhere, type Elsewhere } from "./elsewhere.ts";
import { createHubs, type Hubs, type HubsRequest } from "./hubs.ts";
import { createNetwork, type Network, ORIGIN } from "./network.ts";
import type { Script } from "./script.ts";
import { createRandom, createTime, type VirtualTime } from "./time.ts";
import { createWatch, type Watch } from "./watch.ts";

export interface SandboxState {
  connections: { id: string; session: string }[];
  sessions: {
    id: string;
    readOnly: boolean;
    messages: { id: string; clientId?: string; from: string; text?: string }[];
  }[];
}

export interface Tab {
  client: Client;
  host: HostRequest;
  storage: ReturnType<typeof mapStorage>;
  /** The hub of now has told it what it shows. */
  joined: boolean;
  frozen: boolean;
  /** Another one for each port; what comes over an older one is lost. */
  line: number;
  /** Commands that are not settled. */
  open: Set<string>;
}

export interface World {
  time: VirtualTime;
  random(): number;
  dialect: Dialect;
  device: Device;
  disk: Disk;
  network: Network;
  watch: Watch;
  tabs: Set<Tab>;
  hubs: Hubs;
  elsewhere: Elsewhere;
  openTab(storage?: Tab["storage"]): Tab;
  /** The page goes; what its tab keeps stays for a reload. */
  closeTab(tab: Tab): void;
  /** The page is frozen: nothing that is on its way to or from it arrives; when it goes on, it joins again. */
  freeze(tab: Tab, ms: number): void;
  control(path: string, body: object): Promise<void>;
  state(): Promise<SandboxState>;
  /** Gives the process its own time back. */
  remove(): void;
  /** What crossed, as the sandbox has logged it. */
  log(): Promise<string>;
}

export interface WorldRequest extends Script {
  onLoss: HubsRequest["onLoss"];
  /** No fault keeps a token from being renewed in time. */
  calm: boolean;
}

export function createWorld({ onLoss, calm, ...script }: WorldRequest): World {
  const dialect = DIALECTS[script.dialect];
  const random = createRandom(script.chance);
  const time = createTime();
  const device = createDevice(time, script.wrongMs);
  const watch = createWatch({
    device,
    calm,
    dialect,
    keepsPauses: dialect.idempotent || !script.steps.some((step) => step.do === "disk"),
  });
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
    ...dialect.toSandbox(script),
  });
  const broker = createBroker({
    baseUrl: "https://genesys.test",
    clientId: "sandbox",
    clientSecret: "sandbox-secret",
    routes: { sales: { queue: "q", skill: "s", language: "en-GB" } },
    allowedOrigins: [ORIGIN],
    ticketSecrets: ["simulation simulation simulation simulation"],
    perMinute: 10_000,
    trustCaller: true,
    delegation: "client-credentials",
    fetch: (request) => sandbox.fetch(request),
    clock: { now: time.clock.now, monotonic: time.clock.monotonic, wait: time.wait },
    random,
  });
  const serve = dialect.idempotent ? broker : (request: Request) => sandbox.fetch(request);
  const network = createNetwork({ time, device, dialect, watch, random, randomId, sandbox, serve });
  const disk = createDisk(device, random);
  const tabs = new Set<Tab>();
  const hubs = createHubs({ device, dialect, disk, network, watch, tabs, onLoss });
  hubs.start();

  return {
    time,
    random,
    dialect,
    device,
    disk,
    network,
    watch,
    tabs,
    hubs,
    elsewhere: createElsewhere({ time, network, sandbox, randomId }),
    openTab(storage = mapStorage()) {
      let host: HostRequest | undefined;
      const client = createClient({
        options: dialect.options,
        host: "auto",
        storage,
        clock: device.clock,
        startHost(request) {
          host = request;
          return () => {};
        },
      });
      const tab: Tab = {
        client,
        host: host as HostRequest,
        storage,
        joined: false,
        frozen: false,
        line: 0,
        open: new Set(),
      };
      tabs.add(tab);
      hubs.attach(tab);
      return tab;
    },
    closeTab(tab) {
      tabs.delete(tab);
      tab.client.close();
    },
    freeze(tab, ms) {
      tab.frozen = true;
      tab.joined = false;
      tab.line += 1;
      device.clock.after(ms, () => {
        tab.frozen = false;
        if (tabs.has(tab)) hubs.attach(tab);
      });
    },
    async control(path, body) {
      const request = new Request(`https://genesys.test/sandbox/${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const answer = await sandbox.fetch(request);
      // Nobody is there to talk to, or not any more.
      if (!answer.ok && ![404, 409].includes(answer.status))
        throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    },
    async state() {
      const answer = await sandbox.fetch(new Request("https://genesys.test/sandbox/state"));
      return (await answer.json()) as SandboxState;
    },
    remove: () => disk.remove(),
    log: async () => (await sandbox.fetch(new Request("https://genesys.test/sandbox/log"))).text(),
  };
}
