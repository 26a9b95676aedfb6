/** GET /sandbox/events: server-sent events for the desk (WHATWG HTML, section 9.2). First the whole, then what changes. */
import type { Log, LogEntry } from "../log.ts";
import type { SandboxClock } from "../options.ts";
import type { Desk, DeskChange } from "./desk.ts";

/**
 * `state`: everything, with the sandbox's `now`; first on each connection, so that one who comes back has missed nothing.
 * `change`: one conversation and its new messages. `log`: only when asked for. `beat`: the line is alive.
 */
export type DeskEvent =
  | { type: "state"; data: { now: number; conversations: DeskChange[] } }
  | { type: "change"; data: DeskChange }
  | { type: "log"; data: LogEntry }
  | { type: "beat"; data: { now: number } };

export interface EventStreams {
  /** The body of an answer of the type text/event-stream. `withLog`: the log's new entries, too. */
  open(withLog: boolean): ReadableStream<Uint8Array>;
  closeAll(): void;
}

const BEAT_MS = 15_000;
/** How long a browser waits before it asks again. */
const RETRY_MS = 1000;
/** A reader that is this many events behind is cut, and begins afresh with the whole. */
const BEHIND_MAX = 10_000;

export function createEventStreams(desk: Desk, log: Log, clock: SandboxClock): EventStreams {
  const closes = new Set<() => void>();
  const encoder = new TextEncoder();
  let lastId = 0;

  const open = (withLog: boolean): ReadableStream<Uint8Array> => {
    let end = () => {};
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const write = (text: string) => {
        if ((controller.desiredSize ?? 0) < -BEHIND_MAX) close();
        else controller.enqueue(encoder.encode(text));
      };
      const send = ({ type, data }: DeskEvent) => {
        lastId += 1;
        write(`id: ${lastId}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      };
      const beat = () => {
        send({ type: "beat", data: { now: clock.now() } });
        cancelBeat = clock.after(BEAT_MS, beat);
      };
      end = () => {
        closes.delete(close);
        cancelBeat();
        for (const unlisten of unlistens) unlisten();
      };
      const close = () => {
        end();
        controller.close();
      };
      closes.add(close);
      let cancelBeat = clock.after(BEAT_MS, beat);
      const unlistens = [desk.listen((data) => send({ type: "change", data }))];
      if (withLog) unlistens.push(log.listen((data) => send({ type: "log", data })));
      write(`retry: ${RETRY_MS}\n\n`);
      send({ type: "state", data: { now: clock.now(), conversations: desk.list() } });
    };
    return new ReadableStream({ start, cancel: () => end() });
  };

  return {
    open,
    closeAll() {
      for (const close of [...closes]) close();
    },
  };
}
