/** A sandbox on a port of its own, for a manager in Node: real HTTP, real sockets, its control, and how guests closed. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before } from "node:test";
import { WebSocketServer } from "ws";
import type { GuestSessionManager, NodeCredentialsConfig } from "../../src/manager/node.ts";
import { toNodeListener } from "../../src/sandbox/node.ts";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";

/** Of the sandbox's one OAuth client. */
export const CREDENTIALS = { clientId: "sandbox", clientSecret: "sandbox-secret" };
export const ROUTING = {
  routingQueueId: "queue-sales",
  routingSkillId: "skill-travel",
  routingLanguage: "en-US",
};

interface State {
  connections: { session: string }[];
  sessions: {
    id: string;
    name: string;
    attributes: Record<string, unknown>;
    routing: Record<string, string>;
    messages: { from: string; text?: string }[];
    readOnly: boolean;
  }[];
  totals: { guestsCreated: number; tokensIssued: number };
}

export interface Bench {
  /** Without a slash at the end. */
  readonly url: string;
  /** How guests have closed their sockets, oldest first. */
  readonly closes: string[];
  /** Resolves when as many have closed. */
  closed(count: number): Promise<void>;
  /** What a manager needs to reach it. */
  config(more?: Partial<NodeCredentialsConfig>): NodeCredentialsConfig;
  state(): Promise<State>;
  log(): Promise<{ method?: string; path?: string; kind: string }[]>;
  control(path: string, body: object): Promise<void>;
  /** Adds a fault rule. */
  fault(match: object, then: object, times?: number): Promise<void>;
  /** Takes all fault rules away, and lets sockets open. */
  mend(): Promise<void>;
}

/** Starts it before the tests of a file and ends it after. */
export function useSandbox(options: SandboxOptions = {}): Bench {
  const closes: string[] = [];
  let sandbox: Sandbox;
  let url = "";
  const server = createServer((request, response) => toNodeListener(sandbox)(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    const upgrade = sandbox.connect({ url: request.url ?? "/", origin: request.headers.origin });
    if ("refused" in upgrade) return socket.end(`HTTP/1.1 ${upgrade.refused} Refused\r\nContent-Length: 0\r\n\r\n`);
    return sockets.handleUpgrade(request, socket, head, (opened) => {
      const end = upgrade.accept({
        send: (text) => opened.send(text),
        close: (code, reason) => opened.close(code, reason),
        terminate: () => opened.terminate(),
      });
      opened.on("message", (data, isBinary) => end.receive(isBinary ? null : data.toString()));
      opened.on("close", (code, reason) => {
        closes.push(`${code} ${reason}`.trim());
        end.closed();
        sockets.emit("guest-closed");
      });
    });
  });

  before(async () => {
    sandbox = createSandbox({ botDelayMs: 0, ...options });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    sandbox.close();
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
  });

  const bench: Bench = {
    get url() {
      return url;
    },
    closes,
    async closed(count) {
      while (closes.length < count) await once(sockets, "guest-closed");
    },
    config: (more) => ({ ...CREDENTIALS, ...ROUTING, baseUrl: url, ...more }),
    state: async () => (await (await fetch(`${url}/sandbox/state`)).json()) as State,
    async log() {
      const text = await (await fetch(`${url}/sandbox/log`)).text();
      return text.split("\n").flatMap((line) => (line ? [JSON.parse(line)] : []));
    },
    async control(path, body) {
      const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
      const response = await fetch(`${url}/sandbox/${path}`, init);
      assert.ok(response.ok, `${path}: ${response.status} ${await response.text()}`);
    },
    fault: (match, then, times) => bench.control("faults", { match, then, times }),
    async mend() {
      await fetch(`${url}/sandbox/faults`, { method: "DELETE" });
      await bench.control("settings", { refuseSockets: false });
    },
  };
  return bench;
}

/** Resolves when the manager shows it; fails after 10 s with what it shows instead. */
export function shows(manager: GuestSessionManager, check: (manager: GuestSessionManager) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!check(manager)) return;
      clearTimeout(timer);
      unlisten();
      resolve();
    };
    const unlisten = manager.subscribe(look);
    const timer = setTimeout(() => {
      unlisten();
      reject(new Error(`never shown; now: ${JSON.stringify([manager.state, manager.messages])}`));
    }, 10_000);
    look();
  });
}

export const textsOf = (manager: GuestSessionManager): (string | undefined)[] =>
  manager.messages.map(({ text }) => text);
