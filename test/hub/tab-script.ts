/** Tabs with the real client, on hubs that a test brings up and takes away; time and the network are the test's. */
import { type Change, type Client, createClient } from "../../src/hub/client.ts";
import type { HostRequest } from "../../src/hub/hosts/rung.ts";
import { createHub, type Hub } from "../../src/hub/hub.ts";
import type { HubOptions } from "../../src/hub/options.ts";
import type { Update, Upward } from "../../src/hub/port.ts";
import { createPortPair } from "../../src/hub/port-pair.ts";
import type { TabStorage } from "../../src/hub/unacknowledged.ts";
import { settle } from "../support/fake-platform.ts";
import { type Scene, startScene } from "../support/guest-api-script.ts";
import { OPTIONS, recorded } from "./support.ts";

export const mapStorage = (map = new Map<string, string>()): TabStorage & { map: Map<string, string> } => ({
  map,
  getItem: (key) => map.get(key) ?? null,
  setItem: (key, value) => void map.set(key, value),
  removeItem: (key) => void map.delete(key),
});

export interface Tab {
  client: Client;
  changes: Change[];
  host: HostRequest;
  storage: TabStorage;
  /** Hands in a port of the hub's, as a host does; again for each hub. */
  attach(hub: Hub): Promise<void>;
  texts(): (string | undefined)[];
  /** Sends, and tells how it was settled: the value, the code of its failure, or "open". */
  ask(command: Parameters<Client["dispatch"]>[0]): Promise<() => unknown>;
}

export interface TabScene extends Scene {
  hub: Hub;
  /** All that was posted on any port, either way, as JSON. */
  crossed: string[];
  openTab(given?: { storage?: TabStorage | null; options?: HubOptions; on?: Hub | null }): Promise<Tab>;
  /** The hub dies without a word, and a new one comes up on what the old one kept. */
  replaceHub(): Promise<TabScene>;
}

export async function startTabs(
  given: Parameters<typeof startScene>[0] & { crossed?: string[] } = {},
): Promise<TabScene> {
  const scene = await startScene(given);
  return onScene(scene, given.crossed ?? []);
}

function onScene(scene: Scene, crossed: string[]): TabScene {
  const hub = createHub({ openSession: async () => scene.session });
  return {
    ...scene,
    hub,
    crossed,
    async openTab({ storage = mapStorage(), options = OPTIONS, on = hub } = {}) {
      let host: HostRequest | undefined;
      const client = createClient({
        options,
        host: "auto",
        storage,
        clock: scene.platform.clock,
        startHost(request) {
          host = request;
          return () => {};
        },
      });
      const changes: Change[] = [];
      client.subscribe((change) => void changes.push(change));
      const tab: Tab = {
        client,
        changes,
        host: host as HostRequest,
        storage: storage as TabStorage,
        async attach(to) {
          const [tabPort, hubPort] = createPortPair<Upward, Update>();
          to.accept(hubPort);
          tab.host.onPort(recorded(tabPort, crossed));
          await settle();
        },
        texts: () => client.messages.map(({ happened, text }) => text ?? happened),
        async ask(command) {
          let outcome: unknown = "open";
          client.dispatch(command).then(
            (value) => {
              outcome = value;
            },
            (error) => {
              outcome = error.code;
            },
          );
          await settle();
          return () => outcome;
        },
      };
      if (on) await tab.attach(on);
      return tab;
    },
    async replaceHub() {
      hub.close();
      return onScene(await scene.restart(), crossed);
    },
  };
}
