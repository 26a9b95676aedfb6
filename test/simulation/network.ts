/** The network of a simulation: calls and sockets between a hub and the servers, late, cut and lost as the story will have it. */

import { fence } from "../../src/hub/election/fence.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Platform } from "../../src/session/platform.ts";
import type { CallFault } from "./calls.ts";
import { answerCall } from "./calls.ts";
import type { Device } from "./device.ts";
import type { Dialect } from "./dialect.ts";
import { createLink, type FrameFault, type Link } from "./link.ts";
import type { VirtualTime } from "./time.ts";
import type { Watch } from "./watch.ts";

export interface Network {
  /** For one hub. */
  createProcess(about: ProcessRequest): HubProcess;
  /** Nothing gets through: calls fail, sockets that are open fall silent and no new one opens. */
  down: boolean;
  /** Cuts every socket; what is on its way is lost. The servers notice after `lateMs`. */
  cut(lateMs: number): void;
  /** Every open socket falls silent both ways, and nobody is told; the servers notice after `lateMs`. */
  silence(lateMs: number): void;
  /** Upgrades still to be refused. */
  refusing: number;
  /** For frames, and for calls of the broker, still to come. */
  frames: FrameFault[];
  /** Ids of messages that came late and found their line gone: the platform has given them, and nobody asks for them again. */
  lost: Set<string>;
  calls: CallFault[];
  /** By the server's ids of messages, those that their senders gave them. */
  ids: Map<string, string>;
  /** By what they say, the ids of texts that were sent: a history may know one before its echo is on its way. */
  texts: Map<string | undefined, string>;
  /** That the guest is known by, as a hub has last shown it; with it another device of his may connect. */
  token?: string;
  /** Told of each frame that says that the conversation has been emptied, before a hub is. */
  onCleared: () => void;
  /** The browser tells that the network may be back. */
  wake(): void;
}

export interface ProcessRequest {
  /** Told of each socket's address before it is opened. */
  opens(url: string): void;
  /** Told of each token before it is shown. */
  shows(token: string | undefined): void;
  /** The process leads, as far as the lock manager knows. */
  leads(): boolean;
}

/** The process of a hub. */
export interface HubProcess {
  readonly number: number;
  platform: Platform;
  isAlive(): boolean;
  /** At once, or when it goes on; never once it is dead. */
  run(act: () => void): void;
  readonly still: boolean;
  /** It stands still, as in a page that is frozen, until the returned function is called. */
  halt(): () => void;
  /** As a killed process goes: nothing it had under way happens any more. */
  die(): void;
}

export interface NetworkRequest {
  time: VirtualTime;
  device: Device;
  watch: Watch;
  random(): number;
  randomId(): string;
  dialect: Dialect;
  sandbox: Sandbox;
  /** Answers calls. */
  serve(request: Request): Promise<Response>;
}

export function createNetwork(request: NetworkRequest): Network {
  const { device, dialect, watch, random, randomId } = request;
  const links = new Set<Link>();
  const listeners = new Set<() => void>();
  let hubs = 0;

  const network: Network = {
    down: false,
    refusing: 0,
    frames: [],
    lost: new Set(),
    calls: [],
    ids: new Map(),
    texts: new Map(),
    onCleared: () => {},
    cut(lateMs) {
      for (const link of [...links]) link.cut(lateMs);
    },
    silence(lateMs) {
      for (const link of [...links]) link.silence(lateMs);
    },
    wake() {
      watch.woken();
      for (const listener of [...listeners]) listener();
    },
    createProcess({ opens, shows, leads }) {
      let alive = true;
      let held: (() => void)[] | null = null;
      const own: Link[] = [];
      hubs += 1;
      const hub = hubs;
      const isAlive = () => alive;
      function run(act: () => void) {
        if (held) held.push(act);
        else if (alive) act();
      }
      const given = { ...request, network, hub, isAlive, run, shows, leads };
      const platform: Platform = {
        clock: {
          ...device.clock,
          after: (ms, callback) => {
            let called = false;
            const cancel = device.clock.after(ms, () => run(() => called || callback()));
            return () => {
              called = true;
              cancel();
            };
          },
        },
        random,
        randomId,
        locale: "en-GB",
        onWake(callback) {
          const listener = () => run(callback);
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        fetch: (url, init) => answerCall(given, url, init),
        openSocket(url) {
          opens(url);
          const link = createLink({ ...given, links }, url);
          own.push(link);
          // As a tab that leads has it: where a second copy of a text counts, who was deposed must not send one.
          const asked = { leads: async () => leads(), clock: platform.clock };
          return dialect.idempotent ? link.socket : fence(link.socket, asked);
        },
      };
      return {
        number: hub,
        platform,
        isAlive,
        run,
        get still() {
          return held !== null;
        },
        halt() {
          held = [];
          return () => {
            const acts = held ?? [];
            held = null;
            for (const act of acts) run(act);
          };
        },
        die() {
          for (const link of own) link.socket.close(1001);
          alive = false;
        },
      };
    },
  };
  return network;
}

export const ORIGIN = "https://shop.test";
