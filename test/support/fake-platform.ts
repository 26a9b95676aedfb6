/** A platform that a test owns: virtual time, seeded chance, sockets and answers played by the test. */
import type { Platform, PlatformSocket, UploadRequest } from "../../src/session/platform.ts";

/** The server's end of a socket that the session has opened. */
export interface FakeSocket {
  readonly url: string;
  /** Frames that came up, parsed. */
  readonly sent: { type: string; token?: string; payload?: Record<string, unknown> }[];
  readonly closedWith: { code?: number; reason?: string } | null;
  /** Called for each frame that comes up, after it is noted. */
  onSent: (frame: FakeSocket["sent"][number]) => void;
  open(): Promise<void>;
  send(frame: unknown): Promise<void>;
  close(code: number, reason?: string): Promise<void>;
  /** Any event of a socket's, as it is. */
  tell: (type: string, event: object) => void;
}

/** A file on its way to a signed address, played by the test. */
export interface FakeUpload extends UploadRequest {
  progress(share: number): Promise<void>;
  /** The address has answered. */
  answer(status: number): Promise<void>;
  /** The network failed. */
  cut(): Promise<void>;
  readonly aborted: boolean;
}

export interface FakePlatform extends Platform {
  /** All that were begun, oldest first. */
  readonly uploads: FakeUpload[];
  /** All that were opened, oldest first. */
  readonly sockets: FakeSocket[];
  readonly socket: FakeSocket;
  readonly requests: { method: string; url: string; body: Record<string, unknown>; headers: Record<string, string> }[];
  /** Plays the broker. */
  answer: (url: string, body: Record<string, unknown>, signal: AbortSignal) => Response | Promise<Response>;
  /** Lets `ms` of virtual time pass, timer by timer, and everything that follows from each. */
  pass(ms: number): Promise<void>;
  /** Only the wall clock jumps. */
  jump(ms: number): void;
  /** The machine sleeps: no timer fires meanwhile, those that are due do with the next `pass`. */
  sleep(ms: number): void;
  wake(): Promise<void>;
  readonly timers: number;
}

/** Lets promises follow one another until nothing is left to do but wait. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

export const START = Date.parse("2026-11-22T12:00:00Z");

export function createFakePlatform(seed = 1): FakePlatform {
  let elapsed = 0;
  let wall = START;
  let ids = 0;
  let state = seed;
  const timers = new Map<number, { at: number; callback: () => void }>();
  const sockets: (FakeSocket & PlatformSocket)[] = [];
  const uploads: FakeUpload[] = [];
  const requests: FakePlatform["requests"] = [];
  const wakers = new Set<() => void>();
  let timerIds = 0;

  async function pass(ms: number) {
    const end = elapsed + ms;
    await settle();
    for (;;) {
      const due = [...timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
      if (!due) break;
      const [id, { at, callback }] = due;
      timers.delete(id);
      const then = Math.max(at, elapsed);
      wall += then - elapsed;
      elapsed = then;
      callback();
      await settle();
    }
    wall += end - elapsed;
    elapsed = end;
  }

  const platform: FakePlatform = {
    clock: {
      now: () => wall,
      monotonic: () => elapsed,
      after(ms, callback) {
        timerIds += 1;
        const id = timerIds;
        timers.set(id, { at: elapsed + ms, callback });
        return () => timers.delete(id);
      },
    },
    // mulberry32: small, seeded, even enough.
    random() {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
    randomId() {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, "0")}`;
    },
    locale: "en-GB",
    onWake(callback) {
      wakers.add(callback);
      return () => wakers.delete(callback);
    },
    async fetch(url, init) {
      const body = JSON.parse(String(init.body ?? "{}"));
      requests.push({ method: init.method ?? "GET", url, body, headers: init.headers as Record<string, string> });
      return platform.answer(url, body, init.signal as AbortSignal);
    },
    uploads,
    upload: (request, onProgress, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        const play = (act: () => void) => {
          act();
          return settle();
        };
        uploads.push({
          ...request,
          progress: (share) => play(() => onProgress(share)),
          answer: (status) => play(() => resolve(status)),
          cut: () => play(() => reject(new TypeError("cut"))),
          get aborted() {
            return signal.aborted;
          },
        });
      }),
    openSocket(url) {
      const socket = createFakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    sockets,
    get socket() {
      const newest = sockets.at(-1);
      if (!newest) throw new Error("no socket was opened");
      return newest;
    },
    requests,
    answer: () => Response.json({}, { status: 500 }),
    pass,
    jump(ms) {
      wall += ms;
    },
    sleep(ms) {
      wall += ms;
      elapsed += ms;
    },
    async wake() {
      for (const waker of wakers) waker();
      await settle();
    },
    get timers() {
      return timers.size;
    },
  };
  return platform;
}

function createFakeSocket(url: string): FakeSocket & PlatformSocket {
  type Listener = (event: never) => void;
  const listeners = new Map<string, Listener[]>();
  const tell = (type: string, event: object) => {
    for (const listener of listeners.get(type) ?? []) listener(event as never);
  };
  const socket = {
    url,
    tell,
    sent: [] as FakeSocket["sent"],
    readyState: 0,
    onSent: (() => {}) as FakeSocket["onSent"],
    closedWith: null as FakeSocket["closedWith"],
    addEventListener(type: string, listener: Listener) {
      listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    },
    // One method for both ends would need two objects: the session sends text, the test sends frames.
    send(frame: unknown): Promise<void> {
      if (typeof frame === "string") {
        const parsed = JSON.parse(frame);
        socket.sent.push(parsed);
        socket.onSent(parsed);
        return Promise.resolve();
      }
      tell("message", { data: JSON.stringify(frame) });
      return settle();
    },
    async open() {
      socket.readyState = 1;
      tell("open", {});
      await settle();
    },
    close(code?: number, reason?: string): Promise<void> {
      if (socket.readyState === 3) return Promise.resolve();
      socket.readyState = 3;
      socket.closedWith = { code, reason };
      tell("close", { code: code ?? 1005, reason: reason ?? "" });
      return settle();
    },
  };
  return socket as unknown as FakeSocket & PlatformSocket;
}
