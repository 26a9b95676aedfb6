/** The sandbox's socket of web messaging in process: no network, a clock that is moved by hand, frames as they come. */
import assert from "node:assert/strict";
import { createSandbox, type DeploymentOptions, type SandboxOptions } from "../../../src/sandbox/sandbox.ts";
import { createHandClock } from "../support.ts";
import { DEPLOYMENT, PAGE } from "./support.ts";

export interface WireFrame {
  type: string;
  class: string;
  code: number;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what its test asserts.
  body: any;
  tracingId?: string;
}

/** A guest's end that sends what it is told to. */
export class FakeEnd {
  readonly token: string;
  readonly frames: WireFrame[] = [];
  /** The code that the sandbox closed with, or that it cut the line. */
  closed: number | "cut" | undefined;
  leave: () => void = () => {};
  raw: (text: string | null) => void = () => {};

  constructor(token: string) {
    this.token = token;
  }

  send(action: string, fields: object = {}): string {
    const tracingId = crypto.randomUUID();
    this.raw(JSON.stringify({ action, token: this.token, tracingId, ...fields }));
    return tracingId;
  }

  say(text: string, more: object = {}): string {
    return this.send("onMessage", { message: { type: "Text", text, ...more } });
  }

  configure(fields: object = {}): WireFrame {
    return this.answer(this.send("configureSession", { deploymentId: DEPLOYMENT, ...fields }));
  }

  /** What has come for a request; fails when nothing has. */
  answer(tracingId: string): WireFrame {
    const frame = this.frames.find((each) => each.tracingId === tracingId);
    assert.ok(frame, `nothing has come for it; last: ${JSON.stringify(this.frames.at(-1))}`);
    return frame;
  }

  of(name: string): WireFrame[] {
    return this.frames.filter((frame) => frame.class === name);
  }

  /** Bodies of messages from the other side, in order. */
  outbound(): WireFrame["body"][] {
    return this.of("StructuredMessage")
      .map(({ body }) => body)
      .filter(({ direction, type }) => direction === "Outbound" && type !== "Event");
  }
}

/** Without the bot unless asked for; one deployment, with the id of the fixtures. */
export function createWireBench(deployment: Partial<DeploymentOptions> = {}, options: SandboxOptions = {}) {
  const clock = createHandClock();
  const sandbox = createSandbox({ bot: false, clock, deployments: [{ id: DEPLOYMENT, ...deployment }], ...options });
  const connect = (query = `deploymentId=${DEPLOYMENT}`, origin: string | undefined = PAGE) =>
    sandbox.connect({ url: `/v1?${query}`, host: "sandbox.test", origin });
  const bench = {
    sandbox,
    clock,
    connect,
    open(token: string = crypto.randomUUID()): FakeEnd {
      const upgrade = connect();
      assert.ok("accept" in upgrade, "the upgrade was refused");
      const fake = new FakeEnd(token);
      const end = upgrade.accept({
        send: (text) => void fake.frames.push(JSON.parse(text)),
        close(code) {
          fake.closed = code;
        },
        terminate() {
          fake.closed = "cut";
        },
      });
      fake.raw = (text) => end.receive(text);
      fake.leave = () => end.closed();
      return fake;
    },
    /** Opened and configured. */
    join(token?: string): FakeEnd {
      const end = bench.open(token);
      assert.equal(end.configure().class, "SessionResponse");
      return end;
    },
    async call(method: string, path: string, body?: object): Promise<Response> {
      return sandbox.fetch(
        new Request(`http://sandbox.test${path}`, {
          method,
          headers: { "content-type": "application/json" },
          ...(body && { body: JSON.stringify(body) }),
        }),
      );
    },
    agent: (action: object) => bench.call("POST", "/sandbox/agent", action),
    // biome-ignore lint/suspicious/noExplicitAny: what it holds is what its test asserts.
    state: async (): Promise<any> => (await bench.call("GET", "/sandbox/state")).json(),
    /** Puts a file where a presigned URL says, and lets the platform look at it. */
    async upload({ url, headers }: { url: string; headers: Record<string, string> }, bytes: Uint8Array<ArrayBuffer>) {
      const { status } = await sandbox.fetch(new Request(url, { method: "PUT", headers, body: bytes }));
      clock.move(1000);
      return status;
    },
  };
  return bench;
}

export type WireBench = ReturnType<typeof createWireBench>;
