/** A session that speaks web messaging on a fake platform; the other end is played by the test, its files and history by this. */
import { sortedMessages } from "../../src/chat/chat.ts";
import type { Command } from "../../src/chat/command.ts";
import type { Message } from "../../src/chat/message.ts";
import { fetchReader } from "../../src/protocols/web-messaging/messages.ts";
import { createWebMessaging } from "../../src/protocols/web-messaging/web-messaging.ts";
import * as activityLog from "../../src/session/activity/activity-log.ts";
import { createSession, type Session } from "../../src/session/session.ts";
import { memoryStore, type Store } from "../../src/session/store.ts";
import { createFakePlatform, type FakePlatform, settle } from "./fake-platform.ts";
import { judgement } from "./judgement.ts";
import { configuration, DEPLOYMENT, frame, type Json, session as sessionFrame } from "./web-messaging-script.ts";
// Under a virtual clock nothing waits for a chunk.
import "../../src/protocols/web-messaging/afterwards.ts";
import "../../src/protocols/web-messaging/attachments.ts";
import "../../src/protocols/web-messaging/history.ts";
import "../../src/protocols/web-messaging/replies.ts";
import "../../src/session/seldom/seldom.ts";

export interface WebFrame extends Json {
  action: string;
  token: string;
  tracingId: string;
  message?: Json & { text?: string; events?: Json[] };
}

export interface WebScene {
  readonly platform: FakePlatform;
  readonly session: Session;
  readonly store: Store;
  /** All that was said, oldest first, as the platform would tell of it. */
  readonly past: Json[];
  /** Pages of history that were asked for. */
  readonly pages: number[];
  ask(command: Command, id?: string): Promise<unknown>;
  /** Opens the newest socket and answers the configuring with `body`; health checks and JWTs are answered from then on. */
  goLive(body?: Json): Promise<void>;
  /** The platform says. */
  tell(...frames: string[]): Promise<void>;
  /** Frames of one action that went out on the newest socket. */
  sent(action: string): WebFrame[];
  messages(): Message[];
  texts(): (string | undefined)[];
  deliveries(): (string | undefined)[];
  restart(given?: WebSceneOptions): Promise<WebScene>;
}

export interface WebSceneOptions {
  platform?: FakePlatform;
  store?: Store;
  past?: Json[];
  conversations?: Json;
  attributes?: Record<string, unknown>;
  /** In place of config.json. */
  file?: () => Response | Promise<Response>;
  /** In place of the answer to a page of history. */
  page?: (pageNumber: number) => Response | Promise<Response> | undefined;
  /** The token service's answers. */
  token?: (path: string) => Response | Promise<Response>;
}

export async function startWebScene(given: WebSceneOptions = {}): Promise<WebScene> {
  await fetchReader();
  const platform = given.platform ?? createFakePlatform();
  const store = given.store ?? memoryStore();
  const past = given.past ?? [];
  const pages: number[] = [];
  platform.answer = (url) => {
    if (url.endsWith("/config.json")) return given.file?.() ?? Response.json(configuration(given.conversations));
    const { pathname, searchParams } = new URL(url);
    if (given.token && pathname.includes("/token/")) return given.token(pathname.split("/token/")[1] ?? "");
    if (pathname !== "/api/v2/webmessaging/messages") return Response.json({}, { status: 404 });
    const pageNumber = Number(searchParams.get("pageNumber"));
    pages.push(pageNumber);
    const entities = [...past].reverse().slice((pageNumber - 1) * 25, pageNumber * 25);
    const whole = { entities, pageSize: 25, pageNumber, total: past.length, pageCount: Math.ceil(past.length / 25) };
    return given.page?.(pageNumber) ?? Response.json(whole);
  };
  const session = await createSession({
    protocol: createWebMessaging({ deploymentId: DEPLOYMENT, environment: "mypurecloud.ie" }),
    platform,
    store,
    activityLog,
    judgement,
    attributes: given.attributes ?? {},
  });
  let ids = 0;
  await settle();
  const sorted = () => sortedMessages(session.chat);

  return {
    platform,
    session,
    store,
    past,
    pages,
    async ask(command, id) {
      ids += 1;
      const result = session.dispatch({ id: id ?? `command-${ids}`, command, at: platform.clock.now() });
      result.catch(() => {});
      await settle();
      return result;
    },
    async goLive(body = {}) {
      const { socket } = platform;
      socket.onSent = (sent) => {
        const { action, tracingId, message } = sent as unknown as WebFrame;
        const answer = (name: string, more: Json) =>
          void socket.send(JSON.parse(frame(name, more, { type: "response", tracingId })));
        if (action === "getJwt") answer("JwtResponse", { jwt: "a.b.c", exp: platform.clock.now() / 1000 + 60 });
        if (action === "echo") answer("StructuredMessage", { ...message, direction: "Inbound", id: "echo" });
      };
      await socket.open();
      await socket.send(JSON.parse(sessionFrame(body)));
      for (let turn = 0; turn < 20 && session.chat.state.phase === "connecting"; turn += 1) await settle();
    },
    async tell(...frames) {
      for (const each of frames) await platform.socket.send(JSON.parse(each));
    },
    sent: (action) => (platform.socket.sent as unknown as WebFrame[]).filter((each) => each.action === action),
    messages: sorted,
    texts: () => sorted().map(({ text, happened }) => text ?? happened),
    deliveries: () => sorted().flatMap(({ delivery }) => (delivery ? [delivery] : [])),
    async restart(other) {
      session.stop();
      await settle();
      return startWebScene({ ...given, ...other, platform, store, past });
    },
  };
}
