/** Plays broker and guest socket by hand for a session on a fake platform: each test says what the other end does. */
import { sortedMessages } from "../../src/chat/chat.ts";
import { createGuestApi } from "../../src/protocols/guest-api/guest-api.ts";
import * as activityLog from "../../src/session/activity/activity-log.ts";
import { createSession, type Session } from "../../src/session/session.ts";
import type { SessionRequest } from "../../src/session/session-request.ts";
import { memoryStore, type Store } from "../../src/session/store.ts";
import type { ActivityRequest } from "../../src/wire/activity.ts";
import type { WireMessage } from "../../src/wire/guest-api.ts";
import { createFakePlatform, type FakePlatform, settle } from "./fake-platform.ts";
import { judgement } from "./judgement.ts";

export const LIMITS = { textBytes: 200, attributesBytes: 10_240, messagesPerMinute: 120 };

const toBase64Url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An unsigned guest token: nobody but the broker verifies the signature. `claims` replace the good ones. */
export function fakeToken(now: number, seconds = 3600, claims: Record<string, unknown> = {}): string {
  const iat = Math.floor(now / 1000);
  const good = { sub: "guest-1", iat, exp: iat + seconds, routing_hints: { queue: "q" }, attributes: {} };
  return `${toBase64Url({ alg: "HS256", typ: "JWT" })}.${toBase64Url({ ...good, ...claims })}.signature`;
}

export interface AnswerOptions {
  seconds?: number;
  claims?: Record<string, unknown>;
  /** The server's clock less ours, in ms. */
  skew?: number;
}

export function sessionAnswer(platform: FakePlatform, { seconds = 3600, claims, skew = 0 }: AnswerOptions = {}) {
  const now = platform.clock.now() + skew;
  return Response.json(
    {
      guestId: "guest-1",
      sessionId: "session-1",
      guestToken: fakeToken(now, seconds, claims),
      expiresAt: now + seconds * 1000,
      socketUrl: "ws://genesys.test/socket",
      ticket: `ticket-${platform.requests.length}`,
      now,
    },
    { status: 201 },
  );
}

export const problem = (status: number, code: string, more: object = {}): Response =>
  Response.json({ type: "about:blank", title: code, status, code, ...more }, { status });

export interface Scene {
  platform: FakePlatform;
  session: Session;
  store: Store;
  /** Activity that was reported, over all restarts. It is taken, and is not among the platform's `requests`. */
  reports: ActivityRequest[];
  ask(command: Parameters<Session["dispatch"]>[0]["command"], id?: string): Promise<unknown>;
  /** Open, handshake, resume: the newest socket becomes live. A `silent` one answers no ping. */
  goLive(replay?: WireMessage[], how?: { silent?: boolean }): Promise<void>;
  say(text: string, id: string): Promise<void>;
  echo(id: string, serverId: string): Promise<void>;
  texts(): (string | undefined)[];
  deliveries(): (string | undefined)[];
  restart(): Promise<Scene>;
}

export async function startScene(
  given: {
    platform?: FakePlatform;
    store?: Store;
    attributes?: Record<string, unknown>;
    answer?: AnswerOptions;
    reports?: ActivityRequest[];
    judgement?: SessionRequest["judgement"];
  } = {},
): Promise<Scene> {
  const platform = given.platform ?? createFakePlatform();
  const store = given.store ?? memoryStore();
  const reports = given.reports ?? [];
  if (!given.platform) {
    platform.answer = () => sessionAnswer(platform, given.answer);
    takeReports(platform, reports);
  }
  const protocol = createGuestApi({ broker: "http://broker.test", route: "sales" });
  const session = await createSession({
    protocol,
    platform,
    store,
    activityLog,
    judgement: given.judgement ?? judgement,
    attributes: given.attributes ?? {},
  });
  let ids = 0;
  await settle();

  const scene: Scene = {
    platform,
    session,
    store,
    reports,
    async ask(command, id) {
      ids += 1;
      const result = session.dispatch({ id: id ?? `command-${ids}`, command, at: platform.clock.now() });
      result.catch(() => {});
      await settle();
      return result;
    },
    async goLive(replay = [], { silent = false } = {}) {
      const { socket } = platform;
      socket.onSent = ({ type, payload }) => {
        if (type === "ping" && !silent) void socket.send({ type: "pong", payload });
      };
      await platform.socket.open();
      await platform.socket.send({
        type: "handshake_ack",
        payload: {
          guestId: "guest-1",
          sessionId: "session-1",
          expiresAt: platform.clock.now() + 3_600_000,
          now: platform.clock.now(),
          limits: LIMITS,
        },
      });
      for (const message of replay) await platform.socket.send({ type: "message", payload: message });
      await platform.socket.send({ type: "resumed", payload: { after: null, count: replay.length } });
    },
    async say(text, id) {
      await scene.ask({ type: "send", text }, id);
    },
    async echo(id, serverId) {
      const { text } = session.chat.messages.get(id) ?? { text: "?" };
      await platform.socket.send({ type: "message", payload: echoOf(platform, id, serverId, text ?? "") });
    },
    texts: () => sorted(session).map(({ text, happened }) => text ?? happened),
    deliveries: () => sorted(session).flatMap(({ delivery }) => (delivery ? [delivery] : [])),
    async restart() {
      session.stop();
      await settle();
      return startScene({ ...given, platform, store, reports });
    },
  };
  return scene;
}

/** Reports come whenever there is something to tell: tests count and answer the calls that they are about. */
function takeReports(platform: FakePlatform, reports: ActivityRequest[]) {
  const { fetch } = platform;
  platform.fetch = async (url, init) => {
    if (!url.endsWith("/v1/activity")) return fetch(url, init);
    reports.push(JSON.parse(String(init.body)));
    return new Response(null, { status: 204 });
  };
}

export const echoOf = (platform: FakePlatform, clientId: string, id: string, text: string): WireMessage => ({
  id,
  clientId,
  from: "guest",
  text,
  sentAt: new Date(platform.clock.now()).toISOString(),
});

export const fromAgent = (platform: FakePlatform, id: string, text: string): WireMessage => ({
  id,
  from: "agent",
  name: "Mira",
  text,
  sentAt: new Date(platform.clock.now()).toISOString(),
});

const sorted = (session: Session) => sortedMessages(session.chat);

/** Frames of one type that the session has sent on a socket. */
export const sentFrames = (platform: FakePlatform, type: string, index = platform.sockets.length - 1) =>
  platform.sockets[index]?.sent.filter((frame) => frame.type === type) ?? [];
