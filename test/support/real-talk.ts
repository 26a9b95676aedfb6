/** A talk over real sockets: the session with its dialect, the TCP proxy, the broker and the sandbox. Only time is the test's. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { getRequestListener } from "@hono/node-server";
import { WebSocket } from "ws";
import { createBroker } from "../../src/broker/broker.ts";
import { sortedMessages } from "../../src/chat/chat.ts";
import type { Command } from "../../src/chat/command.ts";
import { createGuestApi } from "../../src/protocols/guest-api/guest-api.ts";
import { fetchReader } from "../../src/protocols/web-messaging/messages.ts";
import { createWebMessaging } from "../../src/protocols/web-messaging/web-messaging.ts";
import { attachSockets } from "../../src/sandbox/node.ts";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { DeploymentOptions } from "../../src/sandbox/web-messaging/deployment.ts";
import * as activityLog from "../../src/session/activity/activity-log.ts";
import type { PlatformSocket } from "../../src/session/platform.ts";
import { createSession, type Session } from "../../src/session/session.ts";
import { memoryStore, type Store } from "../../src/session/store.ts";
import { createFakePlatform, type FakePlatform, START } from "./fake-platform.ts";
import { judgement } from "./judgement.ts";
import type { SandboxState } from "./site.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** Much smaller than anything that is waited for, so that an answer over the loopback is never late. */
const STEP_MS = 50;
const CLIENT = { clientId: "sandbox", clientSecret: "sandbox-secret" };

/** An entry of the sandbox's log. */
export interface Crossing {
  direction: "in" | "out";
  kind: string;
  type?: string;
  fault?: string;
  frame?: {
    type?: string;
    payload?: { code?: string; count?: number };
    class?: string;
    action?: string;
    code?: number;
    tracingId?: string;
    startNew?: boolean;
  };
  path?: string;
  status?: number;
}

export interface RealTalk {
  readonly platform: FakePlatform;
  readonly session: Session;
  readonly proxy: TcpProxy;
  readonly store: Store;
  /** Sockets that the session has opened, oldest first, as its end sees them. */
  readonly sockets: WebSocket[];
  /** How often it has asked the broker for credentials. */
  readonly asked: number;
  /** The broker is asked, or answered in its place. */
  ask: (request: Request) => Promise<Response>;
  dispatch(command: Command, id?: string): Promise<unknown>;
  /** Resolves with its id when it is on disk. */
  say(text: string): Promise<string>;
  /** An agent writes. */
  agentSays(...texts: string[]): Promise<void>;
  fault(match: object, then: object, times?: number): Promise<void>;
  control(path: string, body: object): Promise<void>;
  /** Of the sandbox. */
  state(): Promise<SandboxState>;
  log(): Promise<Crossing[]>;
  /** Lets time pass until it is so, in steps; fails after so many seconds of it. */
  until(isSo: () => boolean | Promise<boolean>, seconds?: number, stepMs?: number): Promise<void>;
  /** Lets so many seconds pass. */
  idle(seconds: number, stepMs?: number): Promise<void>;
  untilLive(): Promise<void>;
  /** The texts, as the guest sees them and as the server has them. */
  texts(): (string | undefined)[];
  arrived(): Promise<(string | undefined)[]>;
  /** Of the guest's own. */
  deliveries(): (string | undefined)[];
  /** The hub goes, and another one comes to the same store. */
  restart(): Promise<void>;
}

export interface RealTalkOptions {
  open?: boolean;
  store?: Store;
  /** Web messaging with this one, in place of the guest API. */
  deployment?: DeploymentOptions;
  attributes?: Record<string, unknown>;
  /** The guest's clock is the only one that jumps. */
  serverClockApart?: boolean;
}

/** Ends with the test file. */
export async function startTalk({
  open = true,
  store = memoryStore(),
  deployment,
  attributes = {},
  serverClockApart,
  ...options
}: SandboxOptions & RealTalkOptions = {}): Promise<RealTalk> {
  // Under a virtual clock nothing waits for a chunk.
  if (deployment) await fetchReader();
  const platform = createFakePlatform();
  /** The servers'. */
  const clock = { ...platform.clock };
  if (serverClockApart) clock.now = () => START + clock.monotonic();
  const sandbox = createSandbox({
    ...CLIENT,
    bot: false,
    clock,
    ...(deployment && { deployments: [deployment] }),
    ...options,
  });
  const server = createServer(
    getRequestListener((request) =>
      new URL(request.url).pathname.startsWith("/v1/") ? talk.ask(request) : sandbox.fetch(request),
    ),
  );
  const detach = attachSockets(server, sandbox);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy = await startTcpProxy((server.address() as AddressInfo).port, platform);
  const url = `http://127.0.0.1:${proxy.port}`;
  const broker = createBroker({
    ...CLIENT,
    baseUrl: url,
    routes: { sales: { queue: "q", skill: "s", language: "en-US" } },
    allowedOrigins: () => false,
    allowNoOrigin: true,
    ticketSecrets: ["only-for-tests-and-at-least-32-characters"],
    clock: { ...clock, wait: (ms) => new Promise((resolve) => void clock.after(ms, () => resolve())) },
    // Its way to Genesys is another network than the guest's.
    fetch: (request) => sandbox.fetch(request),
  });
  const sockets: WebSocket[] = [];
  let asked = 0;
  platform.fetch = (path, init) => {
    if (path.includes("/sessions")) asked += 1;
    return fetch(path, init);
  };
  // As a program sends a file: over the real network.
  platform.upload = undefined;
  platform.openSocket = (address) => {
    const socket = new WebSocket(address, { perMessageDeflate: false });
    sockets.push(socket);
    return socket as PlatformSocket;
  };
  const begin = () =>
    createSession({
      protocol: deployment
        ? createWebMessaging({ deploymentId: deployment.id, endpoint: url })
        : createGuestApi({ broker: url, route: "sales" }),
      platform,
      store,
      activityLog,
      judgement,
      attributes,
    });
  let session = await begin();

  const call = async (path: string, init?: RequestInit) => {
    const answer = await sandbox.fetch(new Request(`${url}/sandbox/${path}`, init));
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer;
  };
  const talk: RealTalk = {
    platform,
    get session() {
      return session;
    },
    proxy,
    store,
    sockets,
    get asked() {
      return asked;
    },
    ask: broker,
    dispatch: (command, id = platform.randomId()) => session.dispatch({ id, command, at: platform.clock.now() }),
    say: async (text) => (await talk.dispatch({ type: "send", text })) as string,
    async agentSays(...texts) {
      for (const text of texts) await talk.control("agent", { do: "message", text });
    },
    fault: (match, then, times) => talk.control("faults", { match, then, times }),
    async control(path, body) {
      const headers = { "Content-Type": "application/json" };
      await call(path, { method: "POST", headers, body: JSON.stringify(body) });
    },
    state: async () => (await call("state")).json() as Promise<SandboxState>,
    async log() {
      const lines = (await (await call("log")).text()).split("\n");
      return lines.filter(Boolean).map((line) => JSON.parse(line));
    },
    async until(isSo, seconds = 300, stepMs = STEP_MS) {
      const end = clock.monotonic() + seconds * 1000;
      while (!(await isSo())) {
        assert.ok(clock.monotonic() < end, `not within ${seconds} s: ${JSON.stringify(session.chat.state)}`);
        await platform.pass(stepMs);
        // The network has its turn.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    idle(seconds, stepMs) {
      const end = clock.monotonic() + seconds * 1000;
      return talk.until(() => clock.monotonic() >= end, seconds + 1, stepMs);
    },
    untilLive: () => talk.until(() => session.chat.state.phase === "live"),
    texts: () => sortedMessages(session.chat).flatMap(({ text }) => (text === undefined ? [] : [text])),
    async arrived() {
      // Sessions of one guest, from refresh to refresh, share their conversation.
      const all = (await talk.state()).sessions.flatMap(({ messages }) => messages);
      return [...new Map(all.map(({ id, text }) => [id, text])).values()];
    },
    deliveries: () => sortedMessages(session.chat).flatMap(({ delivery }) => (delivery ? [delivery] : [])),
    async restart() {
      session.stop();
      session = await begin();
    },
  };

  after(async () => {
    session.stop();
    sandbox.close();
    for (const socket of sockets) socket.terminate();
    await proxy.close();
    const closed = new Promise((resolve) => server.close(resolve));
    await detach();
    server.closeAllConnections();
    await closed;
  });
  if (open) {
    await talk.dispatch({ type: "open" });
    await talk.untilLive();
  }
  return talk;
}

/** All are sent, each is there once on both sides, and in the same order. */
export async function assertWhole(talk: RealTalk, texts: string[]): Promise<void> {
  assert.deepEqual(talk.texts(), texts);
  assert.deepEqual(await talk.arrived(), texts);
  assert.ok(
    talk.deliveries().every((delivery) => delivery === "sent"),
    talk.deliveries().join(),
  );
}

export const allSent = (talk: RealTalk): boolean => talk.deliveries().every((delivery) => delivery === "sent");
