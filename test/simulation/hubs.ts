/** The hubs of a world: one leads, until it is killed, leaves, or is deposed while it stands still; then the next does. */
import { createHub, type Hub } from "../../src/hub/hub.ts";
import type { HubPort, Update, Upward } from "../../src/hub/port.ts";
import { createPortPair } from "../../src/hub/port-pair.ts";
import * as activityLog from "../../src/session/activity/activity-log.ts";
import { createSession } from "../../src/session/session.ts";
import type { Store } from "../../src/session/store.ts";
import { judgement } from "../support/judgement.ts";
import type { Device } from "./device.ts";
import type { Dialect } from "./dialect.ts";
import type { Disk } from "./disk.ts";
import type { HubProcess, Network } from "./network.ts";
import type { Watch } from "./watch.ts";
import type { Tab } from "./world.ts";

/** `depose`: it stands still, another leads in its place after a while, and later it goes on for a moment, until it knows. */
export type HubEnd = "kill" | "leave" | "depose";

export interface HubsRequest {
  device: Device;
  dialect: Dialect;
  disk: Disk;
  network: Network;
  watch: Watch;
  tabs: ReadonlySet<Tab>;
  /** A hub begins, and the last one had texts, or all of the conversation where there are none, that it does not find on disk. */
  onLoss(texts?: ReadonlySet<string | undefined>): void;
}

export interface Hubs {
  readonly isUp: boolean;
  /** Whoever leads does not know what comes. */
  readonly isStill: boolean;
  start(): void;
  attach(tab: Tab): void;
  /** The next begins after `ms`; a deposed one goes on so long after that. */
  end(how: HubEnd, ms: number): void;
  /** The guest has asked for the end of all that is kept. */
  mayErase(): void;
  /** Of the conversation, as the tabs have last been told. */
  readonly epoch: string;
  /** Of whoever leads. */
  readonly number: number | undefined;
}

/** Two beats that nobody has answered. */
const SILENCE_MS = 5_000;

interface Leader {
  hub: Hub;
  store: Store | null;
  process: HubProcess;
  drop(): void;
  /** What its tabs have been told of each text. */
  told: Map<string, string | undefined>;
}

/** What a hub keeps, as far as a loss of it excuses anything. */
interface Kept {
  epoch: string | undefined;
  texts: readonly (string | undefined)[];
}

interface KeptStanding {
  epoch?: string;
  credentials?: { url: string; secrets: { token?: string } };
}

const toStanding = (store: Store) => (store.all("keep") as KeptStanding[]).find(({ epoch }) => epoch);

const toKept = (store: Store): Kept => ({
  epoch: toStanding(store)?.epoch,
  texts: (store.all("messages") as { text?: string }[]).map(({ text }) => text),
});

/** A text may be there twice, and one of them be lost. */
const toLost = (texts: Kept["texts"], found: Kept["texts"]) => {
  const count = (list: Kept["texts"], text?: string) => list.filter((each) => each === text).length;
  return new Set(texts.filter((text) => count(found, text) < count(texts, text)));
};

export function createHubs({ device, dialect, disk, network, watch, tabs, onLoss }: HubsRequest): Hubs {
  let leader: Leader | null = null;
  /** What the last hub knew at its end. */
  let known: Kept | null = null;
  /** That the tabs have last been told. */
  let epoch: string | undefined;
  let mayChange = false;

  function start() {
    const kept = () => started.store && toStanding(started.store)?.credentials;
    const check = (isKept: boolean) => {
      if (!isKept) watch.break("G5: credentials are in use that are not kept, and another hub would get others");
    };
    const process = network.createProcess({
      opens: (url) => check(kept()?.url === url),
      // The guest API's are in its addresses.
      shows: (token) => check(dialect.idempotent || kept()?.secrets.token === token),
      leads: () => leader === started,
    });
    const { platform, isAlive } = process;
    const protocol = dialect.createProtocol();
    const { store: opened, drop } = disk.open(isAlive);
    const hub = createHub({
      async openSession() {
        const store = await opened;
        started.store = store;
        compare(store);
        return createSession({ protocol, platform, store, activityLog, judgement, attributes: {} });
      },
    });
    const started: Leader = { hub, store: null, process, drop, told: new Map() };
    leader = started;
    watch.began();
    for (const tab of tabs) attach(tab);
  }

  function compare(store: Store) {
    if (!known) return;
    const { epoch, texts } = known;
    const found = toKept(store);
    if (found.epoch === epoch) return onLoss(toLost(texts, found.texts));
    // Nor is what was typed in the gap continued: it belongs to a conversation that nobody knows any more.
    mayChange = true;
    onLoss();
  }

  function look({ store, told }: Leader, { state, messages = [], reset }: Update) {
    if (state?.epoch && state.epoch !== epoch) {
      if (epoch && !mayChange) watch.break("G1: what was typed in this conversation will be taken for another one's");
      if (epoch) mayChange = false;
      epoch = state.epoch;
    }
    for (const { id, delivery } of messages) {
      // What is about to be erased is no longer there.
      const isSafe = !store?.durable || disk.cleared || mayChange || disk.read("messages", id) !== undefined;
      // What can never be sent has failed in the same moment.
      if (delivery === "sending" && !isSafe) queueMicrotask(() => refuse(told, id));
      if (delivery === "sending" && told.get(id) === "sent" && !reset) watch.break(`G2: ${id} is sent once more`);
      told.set(id, delivery);
    }
  }

  function refuse(told: Leader["told"], id: string) {
    if (told.get(id) === "sending") watch.break(`G1: ${id} is shown before it is on disk`);
  }

  /** What crosses between a tab and its hub, each of which may stand still or be gone. */
  function toWatched(port: HubPort, tab: Tab, by: Leader): HubPort {
    const line = tab.line;
    return {
      ...port,
      post(update) {
        if (tab.line !== line) return;
        tab.joined ||= update.reset === true;
        if (by === leader) look(by, update);
        port.post(update);
      },
      listen: (listener) => port.listen((message) => by.process.run(() => listener(message))),
    };
  }

  function attach(tab: Tab) {
    if (!leader || tab.frozen) return;
    tab.joined = false;
    tab.line += 1;
    const [tabPort, hubPort] = createPortPair<Upward, Update>();
    leader.hub.accept(toWatched(hubPort, tab, leader));
    tab.host.onPort(tabPort);
  }

  return {
    get isUp() {
      return leader !== null;
    },
    get isStill() {
      return leader?.process.still ?? false;
    },
    start,
    attach,
    mayErase() {
      mayChange = true;
    },
    get epoch() {
      return epoch ?? "";
    },
    get number() {
      return leader?.process.number;
    },
    end(how, ms) {
      const ended = leader;
      if (!ended || ended.process.still) return;
      const { hub, process, drop } = ended;
      const remember = () => {
        if (ended.store) known = toKept(ended.store);
        leader = null;
      };
      if (how === "depose") {
        const goOn = process.halt();
        watch.deposed(process.number);
        device.clock.after(SILENCE_MS, () => {
          remember();
          // What had come by now, it does not know yet.
          process.run(() => hub.close());
          start();
          device.clock.after(ms, goOn);
        });
        return;
      }
      remember();
      if (how === "leave") hub.close();
      else {
        process.die();
        drop();
      }
      device.clock.after(ms, start);
    },
  };
}
