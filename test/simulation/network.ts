/** The network of a simulation: calls and sockets between a hub and the servers, late, cut and lost as chance will have it. */

import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Platform, PlatformSocket } from "../../src/session/platform.ts";
import type { VirtualTime } from "./time.ts";

export interface Network {
  /** The platform of one hub; `die()` takes it away as a killed process goes: nothing it had under way happens any more. */
  createPlatform(): { platform: Platform; die(): void };
  /** Nothing gets through: calls fail, sockets that are open fall silent and no new one opens. */
  down: boolean;
  /** Cuts every socket; what is on its way is lost. The servers notice after `lateMs`. */
  cut(lateMs: number): void;
}

export interface NetworkRequest {
  time: VirtualTime;
  random(): number;
  randomId(): string;
  sandbox: Sandbox;
  broker(request: Request): Promise<Response>;
}

const OPEN = 1;
const CLOSED = 3;

export function createNetwork({ time, random, randomId, sandbox, broker }: NetworkRequest): Network {
  const { clock } = time;
  const links = new Set<{ cut(lateMs: number): void }>();
  const late = () => 2 + random() * 60;

  /** One after the other, each a little late: a line keeps its order. */
  function createLine(deliver: (act: () => void) => void): (act: () => void) => void {
    let free = 0;
    return (act) => {
      free = Math.max(free, clock.monotonic() + late());
      clock.after(free - clock.monotonic(), () => deliver(act));
    };
  }

  function openSocket(url: string, isAlive: () => boolean): PlatformSocket {
    const listeners = new Map<string, ((event: never) => void)[]>();
    const tell = (type: string, event: object) => {
      if (isAlive()) for (const listener of listeners.get(type) ?? []) listener(event as never);
    };
    let whole = true;
    let end: ReturnType<Extract<ReturnType<Sandbox["connect"]>, { accept: unknown }>["accept"]> | undefined;
    const passes = (act: () => void) => {
      // What a silent network swallows, a line of ours has lost: TCP would give up on it, so the line is cut.
      if (network.down) link.cut(0);
      else if (whole) act();
    };
    const up = createLine(passes);
    const downward = createLine(passes);
    const closed = (code: number, reason = "") => {
      if (socket.readyState === CLOSED) return;
      socket.readyState = CLOSED;
      tell("close", { code, reason });
    };
    const link = {
      cut(lateMs: number) {
        if (!whole) return;
        whole = false;
        links.delete(link);
        clock.after(late(), () => closed(1006));
        clock.after(lateMs, () => end?.closed());
      },
    };
    links.add(link);
    const socket = {
      readyState: 0,
      send: (text: string) => up(() => end?.receive(text)),
      close(code = 1000, reason = "") {
        up(() => end?.closed());
        clock.after(0, () => closed(code, reason));
      },
      addEventListener(type: string, listener: (event: never) => void) {
        listeners.set(type, [...(listeners.get(type) ?? []), listener]);
      },
    };
    up(() => {
      const answer = sandbox.connect({ url, origin: ORIGIN });
      if ("refused" in answer) return link.cut(0);
      end = answer.accept({
        send: (text) => downward(() => tell("message", { data: text })),
        close: (code, reason) => downward(() => closed(code, reason)),
        terminate: () => link.cut(0),
      });
      downward(() => {
        socket.readyState = OPEN;
        tell("open", {});
      });
    });
    return socket;
  }

  const network: Network = {
    down: false,
    cut(lateMs) {
      for (const link of [...links]) link.cut(lateMs);
    },
    createPlatform() {
      let alive = true;
      const sockets: PlatformSocket[] = [];
      const never = () => new Promise<never>(() => {});
      const platform: Platform = {
        clock: {
          ...clock,
          after: (ms, callback) => clock.after(ms, () => alive && callback()),
        },
        random,
        randomId,
        locale: "en-GB",
        onWake: () => () => {},
        async fetch(url, init) {
          await time.wait(late());
          if (!alive) return never();
          if (network.down) throw new TypeError("Failed to fetch");
          const { signal, ...rest } = init;
          const request = new Request(url, { ...rest, headers: { ...rest.headers, Origin: ORIGIN } });
          const response = await broker(request);
          await time.wait(late());
          if (!alive) return never();
          if (network.down || signal?.aborted) throw new TypeError("Failed to fetch");
          return response;
        },
        openSocket(url) {
          const socket = openSocket(url, () => alive);
          sockets.push(socket);
          return socket;
        },
      };
      return {
        platform,
        die() {
          for (const socket of sockets) if (socket.readyState !== CLOSED) socket.close(1001);
          alive = false;
        },
      };
    },
  };
  return network;
}

export const ORIGIN = "https://shop.test";
