/** A TCP proxy that makes a good network bad: slow, narrow, in slices, half open, reset in mid-frame, or gone. */

import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** What happens to one direction. Changes count at once, on connections that are open too. */
export interface Direction {
  latencyMs: number;
  /** Up to so much more, by chance. */
  jitterMs: number;
  bytesPerSecond: number;
  /** No piece that is passed on is larger. */
  sliceBytes: number;
  /** Nothing arrives any more, and nobody is told. What this has met stays dead when it is over, as behind a lost NAT entry. */
  blackHole: boolean;
  /** After so many bytes more the connection is reset, at both ends. */
  resetAfterBytes: number;
}

const GOOD: Direction = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sliceBytes: Number.POSITIVE_INFINITY,
  blackHole: false,
  resetAfterBytes: Number.POSITIVE_INFINITY,
};

/** Time and chance, so that a test owns them. */
export interface ProxyPlatform {
  clock: { monotonic(): number; after(ms: number, callback: () => void): () => void };
  random(): number;
}

export interface TcpProxy {
  readonly port: number;
  /** From the guest. */
  readonly up: Direction;
  /** To the guest. */
  readonly down: Direction;
  /** How new connections are met: taken on, taken and never answered, or reset. */
  mode: "good" | "silent" | "refusing";
  /** Connections that are open at the guest's end, and how many there ever were. */
  readonly open: number;
  readonly opened: number;
  /** Both directions as on a good network, for what opens from now on and what is not dead yet. */
  mend(): void;
  /** Resets all that are open. */
  reset(): void;
  /** The guest gets the end of what is sent down; his own end stays open, and so does the server's. */
  closeHalf(): void;
  close(): Promise<void>;
}

/** A narrow way holds so much; who sends more waits, as behind a modem. */
const HELD_BYTES = 65_536;

interface Link {
  guest: Socket;
  server: Socket | null;
}

/** `target` is a port of this machine. */
export async function startTcpProxy(target: number, platform: ProxyPlatform): Promise<TcpProxy> {
  const up: Direction = { ...GOOD };
  const down: Direction = { ...GOOD };
  const links = new Set<Link>();
  let opened = 0;

  const reset = ({ guest, server }: Link) => {
    guest.resetAndDestroy();
    server?.resetAndDestroy();
  };

  const listener = createServer({ allowHalfOpen: true }, (guest) => {
    opened += 1;
    const link: Link = { guest, server: null };
    links.add(link);
    // A close always follows.
    guest.on("error", () => {});
    guest.on("close", () => links.delete(link));
    if (proxy.mode === "refusing") return reset(link);
    if (proxy.mode === "silent") return void guest.resume();
    const server = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    link.server = server;
    guest.setNoDelay(true);
    server.on("error", () => {});
    carry(guest, server, up, platform, () => reset(link));
    carry(server, guest, down, platform, () => reset(link));
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));

  const proxy: TcpProxy = {
    port: (listener.address() as AddressInfo).port,
    up,
    down,
    mode: "good",
    get open() {
      return links.size;
    },
    get opened() {
      return opened;
    },
    mend() {
      proxy.mode = "good";
      Object.assign(up, GOOD);
      Object.assign(down, GOOD);
    },
    reset() {
      for (const link of links) reset(link);
    },
    closeHalf() {
      for (const { guest } of links) guest.end();
    },
    close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const { guest, server } of links) {
        guest.destroy();
        server?.destroy();
      }
      return closed;
    },
  };
  return proxy;
}

/** Passes on in order what comes from one end, each piece when it is due; the end and the close too. */
function carry(from: Socket, to: Socket, way: Direction, { clock, random }: ProxyPlatform, reset: () => void): void {
  /** What is on its way, oldest first; each has a timer, and whichever fires releases the oldest. */
  const waiting: (() => void)[] = [];
  let due = 0;
  let held = 0;
  let isLost = false;

  function pass(bytes: number, act: () => void) {
    isLost ||= way.blackHole;
    if (isLost) return;
    const delay = way.latencyMs + way.jitterMs * random();
    const now = clock.monotonic();
    // Nothing overtakes, and a narrow way is taken by one piece after the other.
    due = Math.max(due, now + delay) + (bytes / way.bytesPerSecond) * 1000;
    if (due <= now && waiting.length === 0) return act();
    waiting.push(act);
    held += bytes;
    if (held > HELD_BYTES) from.pause();
    clock.after(due - now, () => {
      const oldest = waiting.shift();
      held -= bytes;
      if (held <= HELD_BYTES) from.resume();
      isLost ||= way.blackHole;
      if (!isLost) oldest?.();
    });
  }

  from.on("data", (chunk: Buffer) => {
    for (let start = 0; start < chunk.length; ) {
      const piece = chunk.subarray(start, start + Math.min(way.sliceBytes, chunk.length));
      start += piece.length;
      pass(piece.length, () => {
        if (to.destroyed || to.writableEnded) return;
        if (way.resetAfterBytes === Number.POSITIVE_INFINITY) return void to.write(piece);
        const passed = piece.subarray(0, way.resetAfterBytes);
        way.resetAfterBytes -= passed.length;
        if (way.resetAfterBytes > 0) return void to.write(passed);
        // Once: what connects after it is on a good way again.
        way.resetAfterBytes = Number.POSITIVE_INFINITY;
        to.write(passed, reset);
      });
    }
  });
  from.on("end", () => pass(0, () => to.end()));
  from.on("close", (hadError) =>
    pass(0, () => {
      if (hadError) to.resetAndDestroy();
      else to.destroySoon();
    }),
  );
}
