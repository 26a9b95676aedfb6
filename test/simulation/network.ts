/** The network of a simulation: calls and sockets between a hub and the servers, late, cut and lost as the story will have it. */

import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Platform } from "../../src/session/platform.ts";
import type { CallFault } from "./calls.ts";
import { answerCall } from "./calls.ts";
import type { Device } from "./device.ts";
import { createLink, type FrameFault, type Link } from "./link.ts";
import type { VirtualTime } from "./time.ts";
import type { Watch } from "./watch.ts";

export interface Network {
  /** The platform of one hub; `die()` takes it away as a killed process goes: nothing it had under way happens any more. */
  createPlatform(): { platform: Platform; die(): void };
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
  calls: CallFault[];
  /** The browser tells that the network may be back. */
  wake(): void;
}

export interface NetworkRequest {
  time: VirtualTime;
  device: Device;
  watch: Watch;
  random(): number;
  randomId(): string;
  sandbox: Sandbox;
  broker(request: Request): Promise<Response>;
}

export function createNetwork(request: NetworkRequest): Network {
  const { device, watch, random, randomId } = request;
  const links = new Set<Link>();
  const listeners = new Set<() => void>();
  let hubs = 0;

  const network: Network = {
    down: false,
    refusing: 0,
    frames: [],
    calls: [],
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
    createPlatform() {
      let alive = true;
      const own: Link[] = [];
      hubs += 1;
      const hub = hubs;
      const platform: Platform = {
        clock: {
          ...device.clock,
          after: (ms, callback) => device.clock.after(ms, () => alive && callback()),
        },
        random,
        randomId,
        locale: "en-GB",
        onWake(callback) {
          const listener = () => alive && callback();
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        fetch: (url, init) => answerCall({ ...request, network, hub, isAlive: () => alive }, url, init),
        openSocket(url) {
          const link = createLink({ ...request, network, hub, links, isAlive: () => alive }, url);
          own.push(link);
          return link.socket;
        },
      };
      return {
        platform,
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
