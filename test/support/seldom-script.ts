/** A session whose dialect is the test itself: a frame is the event that it stands for, and each command waits for its end. */
import type { HandlerEvent } from "../../src/chat/event.ts";
import { toFileFailure } from "../../src/chat/files/file-failure.ts";
import { reduceFiles } from "../../src/chat/files/reduce-files.ts";
import { reduceMore } from "../../src/chat/reduce-more.ts";
import * as activityLog from "../../src/session/activity/activity-log.ts";
import type { Connection, HandlerCommand, Protocol } from "../../src/session/protocol.ts";
import { createSeldom, type Seldom } from "../../src/session/seldom/seldom.ts";
import type { Exchange } from "../../src/session/seldom/sign-in.ts";
import { createSession, type Session } from "../../src/session/session.ts";
import { memoryStore, type Store } from "../../src/session/store.ts";
import { createFakePlatform, type FakePlatform, settle } from "./fake-platform.ts";
import { judgement } from "./judgement.ts";

/** A command on its way to Genesys; rejects as its signal says. */
export interface Performed {
  command: HandlerCommand;
  signal: AbortSignal;
  connection: Connection;
  resolve(value?: unknown): Promise<void>;
  reject(error: unknown): Promise<void>;
}

export interface SeldomScene {
  platform: FakePlatform;
  session: Session;
  store: Store;
  performed: Performed[];
  /** The newest of that type. */
  last<Type extends HandlerCommand["type"]>(
    type: Type,
  ): Performed & { command: Extract<HandlerCommand, { type: Type }> };
  ask(command: Parameters<Session["dispatch"]>[0]["command"], id?: string): Promise<unknown>;
  /** The newest socket opens, and Genesys lets the guest in. */
  goLive(): Promise<void>;
  tell(event: HandlerEvent): Promise<void>;
  restart(): Promise<SeldomScene>;
}

export async function startSeldom(
  given: { platform?: FakePlatform; store?: Store; exchange?: Partial<Exchange> } = {},
): Promise<SeldomScene> {
  const platform = given.platform ?? createFakePlatform();
  const store = given.store ?? memoryStore();
  const performed: Performed[] = [];
  const session = await createSession({
    protocol: createProtocol(platform, performed, given.exchange),
    platform,
    store,
    activityLog,
    judgement,
    attributes: {},
  });
  let ids = 0;
  await settle();
  const scene: SeldomScene = {
    platform,
    session,
    store,
    performed,
    last(type) {
      const found = performed.filter(({ command }) => command.type === type).at(-1);
      if (!found) throw new Error(`no ${type} was performed`);
      return found as ReturnType<typeof scene.last<typeof type>>;
    },
    async ask(command, id) {
      ids += 1;
      const result = session.dispatch({ id: id ?? `command-${ids}`, command, at: platform.clock.now() });
      result.catch(() => {});
      await settle();
      return result;
    },
    async goLive() {
      await settle();
      await platform.socket.open();
      await scene.tell({ type: "live", features: ["attachments"] });
    },
    tell: (event) => platform.socket.send(event),
    async restart() {
      session.stop();
      await settle();
      return startSeldom({ ...given, platform, store });
    },
  };
  return scene;
}

const NO_EXCHANGE: Exchange = {
  signIn: () => Promise.reject(new Error("nobody signs in")),
  asAnother: async (credentials) => credentials,
  signOut: async () => {},
};

function createProtocol(platform: FakePlatform, performed: Performed[], exchange: Partial<Exchange> = {}): Protocol {
  return {
    closeCodes: {},
    findExcess: () => null,
    authorize: async ({ saved }) => saved ?? { url: "ws://genesys.test/", secrets: { token: "one" } },
    createHandler: (connection) => ({
      handshake() {},
      probe: () => void platform.socket.send({ type: "pong" }),
      receive: (frame) => connection.emit(JSON.parse(frame)),
      perform: (command, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          const close = () => reject(toFileFailure("CHAT_UPLOAD_FAILED", "the connection closed"));
          if (command.type !== "send") connection.signal.addEventListener("abort", close);
          const end = (act: () => void) => {
            act();
            return settle();
          };
          performed.push({
            command,
            signal,
            connection,
            resolve: (value) => end(() => resolve(value)),
            reject: (error) => end(() => reject(error)),
          });
        }),
    }),
    openErrands: async () => ({
      identify: () => Promise.reject(new Error("not here")),
      report: async () => {},
      revoke: async () => {},
    }),
    reduce: (chat, event, watched) => reduceFiles(chat, event, reduceMore(chat, event, watched)),
    extend(session) {
      // A dialect fetches it: it is there a little later.
      const seldom = Promise.resolve().then(() => createSeldom(session, { ...NO_EXCHANGE, ...exchange }));
      let fetched: Seldom | undefined;
      void seldom.then((there) => {
        fetched = there;
      });
      return {
        observe: () => fetched?.observe(),
        dispatch: async (asked) => (await seldom).dispatch(asked),
        stop: () => fetched?.stop(),
        transmitting: async () => {},
        lend: () => ({ doubtful: undefined, attributes: session.attributes, save() {} }),
      };
    },
  };
}
