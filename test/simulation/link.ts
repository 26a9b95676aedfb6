/** One socket of a hub over a network with faults, from its open to its close, as both ends see it. */
import type { PlatformSocket } from "../../src/session/platform.ts";
import type { Frame } from "./dialect.ts";
import { type Network, type NetworkRequest, ORIGIN } from "./network.ts";

/** What becomes of the `left`-th frame from now on that fits. */
export interface FrameFault {
  way: "up" | "down";
  /** The frame's type, and of messages whose; any without. */
  type?: string;
  from?: "guest" | "agent";
  left: number;
  /** `too-many`: refused, and the connection stays. */
  fate: "cut" | "lose" | "late" | "repeat" | "unavailable" | "too-many";
  /** Of `late`, in ms; of the refusals, what is asked for, in ms. */
  ms: number;
}

export interface LinkRequest extends NetworkRequest {
  network: Network;
  hub: number;
  links: Set<Link>;
  isAlive(): boolean;
  run(act: () => void): void;
  /** Told of each token before it is shown. */
  shows(token: string | undefined): void;
  leads(): boolean;
}

export interface Link {
  socket: PlatformSocket;
  cut(lateMs: number): void;
  silence(lateMs: number): void;
}

const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

type Accepted = ReturnType<Extract<ReturnType<NetworkRequest["sandbox"]["connect"]>, { accept: unknown }>["accept"]>;

export function createLink(request: LinkRequest, url: string): Link {
  const { time, device, dialect, network, sandbox, random, hub, links, isAlive, run, watch } = request;
  const { clock } = time;
  const late = () => 2 + random() * 60;
  const listeners = new Map<string, ((event: never) => void)[]>();
  let whole = true;
  let silent = false;
  let end: Accepted | undefined;
  const seen = watch.opened(hub);

  const tell = (type: string, event: object) => {
    if (isAlive()) for (const listener of listeners.get(type) ?? []) listener(event as never);
  };

  /** One after the other, each a little late: a line keeps its order. */
  function createLine(): (act: () => void, more?: number) => void {
    let free = 0;
    const pass = (act: () => void) => {
      if (silent) return;
      // What a network that is down swallows, a line of ours has lost: TCP would give up on it, so the line is cut.
      if (network.down) link.cut(0);
      else if (whole) act();
    };
    return (act, more) => {
      if (more !== undefined) return void clock.after(more, () => pass(act));
      free = Math.max(free, clock.monotonic() + late());
      clock.after(free - clock.monotonic(), () => pass(act));
    };
  }
  const up = createLine();
  const downward = createLine();

  const closed = (code: number, reason = "") =>
    device.whenAwake(() =>
      run(() => {
        if (socket.readyState === CLOSED) return;
        socket.readyState = CLOSED;
        seen.closedBy(code);
        tell("close", { code, reason });
      }),
    );

  const link: Link = {
    socket: undefined as never,
    cut(lateMs) {
      if (!whole) return;
      whole = false;
      links.delete(link);
      if (!silent) clock.after(late(), () => closed(1006));
      clock.after(lateMs, () => end?.closed());
    },
    silence(lateMs) {
      if (!whole) return;
      silent = true;
      seen.silent();
      clock.after(lateMs, () => end?.closed());
    },
  };

  /** The fault that meets this frame, if one does. */
  function meet(way: "up" | "down", { type, payload }: Frame): FrameFault | undefined {
    for (const fault of network.frames) {
      if (fault.way !== way || (fault.type && fault.type !== type)) continue;
      if (fault.from && fault.from !== payload?.from) continue;
      fault.left -= 1;
      if (fault.left > 0) continue;
      network.frames.splice(network.frames.indexOf(fault), 1);
      return fault;
    }
  }

  function carry(way: "up" | "down", text: string, deliver: (text: string) => void) {
    const line = way === "up" ? up : downward;
    const frame = dialect.read(text);
    const { id, clientId } = frame.payload ?? {};
    if (id && clientId) network.ids.set(id, clientId);
    if (id && way === "up") network.texts.set(frame.payload?.text, id);
    const fault = meet(way, frame);
    // No echo of a text that this hub has sent: nobody asks for it again.
    const isLost = way === "down" && !watch.hasSent(hub, clientId) && ["lose", "late"].includes(fault?.fate ?? "");
    if (id && isLost) network.lost.add(id);
    switch (fault?.fate) {
      case "cut":
        return line(() => link.cut(fault.ms));
      case "lose":
        return;
      case "late":
        return line(() => deliver(text), fault.ms);
      case "repeat":
        for (let times = 0; times < 3; times++) line(() => deliver(text));
        return;
      case "too-many":
        return downward(() => receive(dialect.refuse(fault.ms / 1000, frame.payload?.inReplyTo ?? id).frame));
      case "unavailable":
        return downward(() => {
          if (socket.readyState === CLOSED) return;
          watch.refused(hub, fault.ms);
          const { frame: data, close } = dialect.refuse(fault.ms / 1000, frame.payload?.inReplyTo);
          tell("message", { data });
          if (close === undefined) return;
          end?.closed();
          closed(close);
        });
    }
    line(() => deliver(text));
  }

  const socket = {
    readyState: 0,
    send(text: string) {
      const frame = dialect.read(text);
      if (frame.type === "handshake") {
        request.shows(frame.token);
        network.token = frame.token;
      }
      seen.sent(frame);
      carry("up", text, (given) => end?.receive(given));
    },
    close(code = 1000, reason = "") {
      if (socket.readyState !== CLOSED) {
        seen.left(reason);
        socket.readyState = CLOSING;
      }
      up(() => {
        links.delete(link);
        end?.closed();
      });
      clock.after(0, () => closed(code, reason));
    },
    addEventListener(type: string, listener: (event: never) => void) {
      listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    },
  };
  link.socket = socket;
  links.add(link);

  const receive = (text: string) => {
    if (device.asleep) return;
    let isInTime = true;
    run(() => {
      const frame = dialect.read(text);
      // A hub that stood still hears of it when another leads.
      if (isInTime && socket.readyState === OPEN && frame.payload?.id) network.lost.delete(frame.payload.id);
      seen.received(frame);
      if (frame.type === "cleared" && isAlive() && request.leads()) network.onCleared();
      tell("message", { data: text });
    });
    isInTime = false;
  };
  up(() => {
    network.refusing -= 1;
    if (network.refusing >= 0) return link.cut(0);
    network.refusing = 0;
    const answer = sandbox.connect({ url, origin: ORIGIN });
    if ("refused" in answer) return link.cut(0);
    end = answer.accept({
      send: (text) => carry("down", text, receive),
      close: (code, reason) => downward(() => closed(code, reason)),
      terminate: () => link.cut(0),
    });
    downward(() => {
      if (socket.readyState !== 0) return;
      socket.readyState = OPEN;
      run(() => tell("open", {}));
    });
  });
  return link;
}
