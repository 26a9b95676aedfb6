/** A sandbox under test, in process: a clock that is moved by hand, and guests with sockets that are none. */
import assert from "node:assert/strict";
import { createSandbox, type Sandbox, type SandboxClock, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { parseServerFrame, type ServerFrame, socketPath } from "../../src/wire/guest-api.ts";

export interface HandClock extends SandboxClock {
  /** Moves on and calls back whatever has become due, in order. */
  move(ms: number): void;
}

export function createHandClock(now = Date.UTC(2026, 10, 22)): HandClock {
  let time = now;
  const timers = new Map<object, { at: number; callback: () => void }>();
  return {
    now: () => time,
    after(ms, callback) {
      const key = {};
      timers.set(key, { at: time + ms, callback });
      return () => timers.delete(key);
    },
    move(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
        if (!next) break;
        const [key, { at, callback }] = next;
        timers.delete(key);
        time = Math.max(time, at);
        callback();
      }
      time = end;
    },
  };
}

/** Waits until something is there; fails after 5 s. */
export async function until<T>(what: string, look: () => T | undefined | null | false): Promise<T> {
  const end = performance.now() + 5000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found;
    assert.ok(performance.now() < end, `never came: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const BASE = "http://sandbox.test";
export const ROUTING = { queue: { id: "q1" }, skill: { id: "s1" }, language: "en" };

export interface CreatedGuest {
  id: string;
  guestToken: string;
  sessions: [{ id: string }];
  attributes: Record<string, unknown>;
}

export interface TestBench {
  sandbox: Sandbox;
  clock: HandClock;
  /** A JSON call; a string body goes as it is. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  token(scope?: string): Promise<string>;
  guest(attributes?: Record<string, unknown>): Promise<CreatedGuest>;
  /** Opens a socket; nothing is sent yet. */
  open(guest: CreatedGuest, session?: string): FakeGuest;
  /** Opens, shakes hands and resumes. */
  join(guest: CreatedGuest, after?: string | null): Promise<FakeGuest>;
}

export class FakeGuest {
  readonly frames: ServerFrame[] = [];
  /** The code that the sandbox closed with, or that it cut the line. */
  closed: number | "cut" | undefined;
  readonly #receive: (frame: string | null) => void;
  readonly leave: () => void;

  constructor(sandbox: Sandbox, path: string) {
    const upgrade = sandbox.connect({ url: path, origin: "https://shop.test" });
    assert.ok("accept" in upgrade, "the upgrade was refused");
    const end = upgrade.accept({
      send: (text) => {
        const frame = parseServerFrame(text);
        assert.ok(frame, `the sandbox sent a frame outside the profile: ${text}`);
        this.frames.push(frame);
      },
      close: (code) => {
        this.closed = code;
      },
      terminate: () => {
        this.closed = "cut";
      },
    });
    this.#receive = (frame) => end.receive(frame);
    this.leave = () => end.closed();
  }

  raw(text: string | null): void {
    this.#receive(text);
  }

  send(frame: object): void {
    this.raw(JSON.stringify(frame));
  }

  say(text: string, id: string = crypto.randomUUID()): string {
    this.send({ type: "message", payload: { id, text } });
    return id;
  }

  of<T extends ServerFrame["type"]>(type: T): Extract<ServerFrame, { type: T }>["payload"][] {
    return this.frames.filter((frame) => frame.type === type).map((frame) => frame.payload as never);
  }

  texts(): (string | undefined)[] {
    return this.of("message").map(({ text }) => text);
  }
}

/** Without the bot unless asked for. */
export function createBench(options: SandboxOptions = {}): TestBench {
  const clock = createHandClock();
  const sandbox = createSandbox({ bot: false, clock, ...options });
  const bench: TestBench = {
    sandbox,
    clock,
    call(method, path, body, headers = {}) {
      return sandbox.fetch(
        new Request(`${BASE}${path}`, {
          method,
          headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
          body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
        }),
      );
    },
    async token(scope = "guest:create guest:read webchat:send user:read") {
      const form = { grant_type: "client_credentials", client_id: "sandbox", client_secret: "sandbox-secret", scope };
      const response = await sandbox.fetch(
        new Request(`${BASE}/oauth/token`, { method: "POST", body: new URLSearchParams(form) }),
      );
      assert.equal(response.status, 200);
      return ((await response.json()) as { access_token: string }).access_token;
    },
    async guest(attributes = {}) {
      const headers = { authorization: `Bearer ${await bench.token()}` };
      const body = { name: "Web Guest", attributes, routing: ROUTING };
      const response = await bench.call("POST", "/api/v2/guests", body, headers);
      assert.equal(response.status, 201);
      return (await response.json()) as CreatedGuest;
    },
    open: (guest, session = guest.sessions[0].id) => new FakeGuest(sandbox, socketPath(guest.id, session)),
    async join(guest, after = null) {
      const socket = bench.open(guest);
      socket.send({ type: "handshake", token: guest.guestToken });
      await until("handshake_ack", () => socket.of("handshake_ack")[0]);
      socket.send({ type: "resume", payload: { after } });
      assert.equal(socket.of("resumed").length, 1);
      return socket;
    },
  };
  return bench;
}
