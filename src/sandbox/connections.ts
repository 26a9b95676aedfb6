/** The open sockets, whatever they speak: counted, logged, listed, closed. */
import type { Faults, Fired } from "./faults/faults.ts";
import { actOnFrame, type FrameFate } from "./faults/frames.ts";
import { type Log, type LogEntry, toLoggable } from "./log.ts";
import type { ResolvedOptions } from "./options.ts";
import type { ProtocolName } from "./sessions.ts";

/** The sandbox's end of a WebSocket that has just opened: the seam for `ws`, and for fakes. */
export interface SandboxSocket {
  /** One text frame. */
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Cuts the line without a closing frame: the other end sees 1006. */
  terminate(): void;
}

/** What whoever owns the socket passes on, in order. */
export interface SocketEnd {
  /** A text frame, or null for a binary one. */
  receive(frame: string | null): void;
  /** The socket has closed, for whatever reason; may be called more than once. */
  closed(): void;
}

/** One socket from open to close, as a dialect and `/sandbox/state` see it. */
export interface Connection {
  readonly id: string;
  readonly protocol: ProtocolName;
  /** As named in the address, so that whether it exists is known only after the handshake; or set by the dialect later. */
  session?: string;
  readonly origin?: string;
  /** ISO 8601. */
  readonly openedAt: string;
  send(frame: { type: string }): void;
  close(code: number, reason: string): void;
}

export interface Connections {
  accept(
    socket: SandboxSocket,
    about: Pick<Connection, "protocol" | "session" | "origin"> & { path: string },
    speak: (connection: Connection) => SocketEnd,
  ): SocketEnd;
  list(): Connection[];
  /** Closes all that are open, with a code or, without one, as if the line were cut. Returns how many. */
  closeAll(code?: number): number;
  totals(): { connectionsOpened: number; framesIn: number; framesOut: number };
}

export function createConnections({ clock, randomId }: ResolvedOptions, log: Log, faults: Faults): Connections {
  const open = new Map<Connection, { cut(): void }>();
  const totals = { connectionsOpened: 0, framesIn: 0, framesOut: 0 };

  return {
    accept(socket, { path, ...about }, speak) {
      const isOpen = () => open.has(connection);
      const note = (direction: "in" | "out", about: Pick<LogEntry, "type" | "frame" | "fault" | "lost">) =>
        log.add({ direction, kind: "frame", session: connection.session, ...about });
      const meet = (direction: "in" | "out", text: string) =>
        faults.meet({ kind: "frame", direction, action: toLoggable(text).type, path });
      const write = (text: string, fault?: string) => {
        totals.framesOut += 1;
        note("out", { ...toLoggable(text), fault });
        socket.send(text);
      };
      const connection: Connection = {
        id: randomId(),
        ...about,
        openedAt: new Date(clock.now()).toISOString(),
        send(frame) {
          if (!isOpen()) return;
          const text = JSON.stringify(frame);
          const fired = meet("out", text);
          const lose = () => note("out", { type: toLoggable(text).type, fault: fired?.fault, lost: true });
          if (fired) act(text, fired, { pass: (given) => write(given, fired.fault), lose });
          else write(text);
        },
        close(code, reason) {
          if (!drop()) return;
          socket.close(code, reason);
        },
      };
      // Dropped before the socket has closed: nothing that is still on its way in counts any more.
      const drop = (): boolean => {
        const wasOpen = open.delete(connection);
        if (wasOpen) dialect.closed();
        return wasOpen;
      };
      const cut = () => {
        if (drop()) socket.terminate();
      };
      const act = (text: string, fired: Fired, way: Pick<FrameFate, "pass" | "lose">) => {
        const inject = (given: string) => write(given, fired.fault);
        actOnFrame(text, fired, { ...way, isOpen, inject, close: connection.close, cut }, clock);
      };
      open.set(connection, { cut });
      totals.connectionsOpened += 1;
      const dialect = speak(connection);
      return {
        receive(frame) {
          if (!isOpen()) return;
          totals.framesIn += 1;
          const fired = frame === null ? undefined : meet("in", frame);
          note("in", { ...toLoggable(frame), fault: fired?.fault });
          const pass = (given: string) => dialect.receive(given);
          if (frame !== null && fired) act(frame, fired, { pass, lose: () => {} });
          else dialect.receive(frame);
        },
        closed: () => void drop(),
      };
    },
    list: () => [...open.keys()],
    closeAll(code) {
      const all = [...open];
      for (const [connection, { cut }] of all) {
        if (code === undefined) cut();
        else connection.close(code, "Closed by the sandbox's control");
      }
      return all.length;
    },
    totals: () => totals,
  };
}
