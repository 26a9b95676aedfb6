/** createSandbox: Genesys Cloud in small, as a function from Request to Response with sockets beside; runs anywhere. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { FRAME_MAX } from "../wire/guest-api.ts";
import { attachBot } from "./bot.ts";
import { type Connection, createConnections, type SandboxSocket, type SocketEnd } from "./connections.ts";
import { createControl } from "./control.ts";
import { Conversation } from "./conversation.ts";
import { createDesk } from "./desk/desk.ts";
import { createEventStreams } from "./desk/events.ts";
import { createFaults } from "./faults/faults.ts";
import { createHttpFaults } from "./faults/http.ts";
import { GuestSocket, toSocketAddress } from "./guest-api/guest-api.ts";
import { createGuestRoutes } from "./guest-api/guests.ts";
import { createGuestTokens } from "./guest-api/tokens.ts";
import { answerError } from "./http.ts";
import { createLog, toLoggablePath } from "./log.ts";
import { createOAuth } from "./oauth.ts";
import { resolveOptions, type SandboxClock, type SandboxOptions, type Settings } from "./options.ts";
import { createRate } from "./rate.ts";
import { createSessions } from "./sessions.ts";
import { createShowcase } from "./web-messaging/showcase.ts";
import { createWebMessaging, SOCKET_PATH } from "./web-messaging/web-messaging.ts";

export type { SandboxSocket, SocketEnd } from "./connections.ts";
export type { SandboxClock, SandboxOptions } from "./options.ts";
export type { DeploymentOptions } from "./web-messaging/deployment.ts";

/** A request to open a WebSocket. */
export interface UpgradeRequest {
  /** Absolute, or only the path and query. */
  url: string;
  /** The Host header, where the URL is not absolute. */
  host?: string;
  /** The Origin header. */
  origin?: string;
}

/** Refused with an HTTP status; or to be accepted with the socket, once it is open. A fault rule may ask to answer later. */
export type Upgrade = ({ refused: number } | { accept(socket: SandboxSocket): SocketEnd }) & { delayMs?: number };

export interface Sandbox {
  fetch(request: Request): Promise<Response>;
  connect(request: UpgradeRequest): Upgrade;
  /** Closes all sockets with 1001, ends all event streams, and calls all timers off. */
  close(): void;
}

/** Twice what the largest honest body needs. */
const BODY_BYTES = 32_768;
/** A fault rule may hold a frame that is too large. */
const CONTROL_BYTES = 2 * FRAME_MAX;

/** A clock whose timers can all be called off at once. */
function createTimers(clock: SandboxClock): SandboxClock & { cancelAll(): void } {
  const cancels = new Set<() => void>();
  return {
    now: () => clock.now(),
    after(ms, callback) {
      const cancel = clock.after(ms, () => {
        cancels.delete(cancel);
        callback();
      });
      cancels.add(cancel);
      return () => {
        cancels.delete(cancel);
        cancel();
      };
    },
    cancelAll() {
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}

/** Throws a TypeError that names a wrong option. */
export function createSandbox(given: SandboxOptions = {}): Sandbox {
  const resolved = resolveOptions(given);
  const clock = createTimers(resolved.clock);
  const options = { ...resolved, clock };
  const { randomId, limits } = options;
  const settings: Settings = { guestTokenSeconds: options.guestTokenSeconds, refuseSockets: false };
  let closed = false;

  const log = createLog(clock.now);
  const faults = createFaults(randomId);
  const connections = createConnections(options, log, faults);
  const tokens = createGuestTokens(options.guestTokenSecret, clock.now);
  const sessions = createSessions(randomId, () => {
    const conversation = new Conversation(clock, randomId);
    if (options.bot) attachBot(conversation, clock, options.botDelayMs);
    return conversation;
  });
  const desk = createDesk(sessions, clock, options.bot);
  const events = createEventStreams(desk, log, clock);
  const messageRate = createRate(limits.messagesPerMinute, clock.now);
  const guestApi = { clock, limits, sessions, tokens, messageRate };

  const oauth = createOAuth(options);
  const guests = createGuestRoutes(options, settings, { oauth, sessions, tokens });
  const webMessaging = createWebMessaging(options, sessions, ({ conversation, web }) => {
    if (options.bot) attachBot(conversation, clock, options.botDelayMs, web && createShowcase(web));
  });
  const { rest } = webMessaging;
  const totals = () => ({ guestsCreated: guests.guestsCreated(), tokensIssued: oauth.tokensIssued() });

  const app = new Hono();
  /** The rules that have fired for a call. */
  const fired = new WeakMap<Request, string>();
  app.use(async (c, next) => {
    await next();
    const { method, path, raw } = c.req;
    const { status } = c.res;
    // The control is left out: a test that polls it would push what it looks for out of the log.
    if (!path.startsWith("/sandbox/"))
      log.add({ direction: "in", kind: "http", method, path: toLoggablePath(path), status, fault: fired.get(raw) });
  });
  const httpFaults = createHttpFaults(faults, clock, (request, fault) => fired.set(request, fault));
  for (const path of ["/oauth/*", "/api/v2/*", "/uploads/*", "/webdeployments/*"]) app.use(path, httpFaults);
  const limit = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: (c) => answerError(c, 413, "request.entity.too.large", `At most ${maxSize} bytes`),
    });
  for (const path of ["/oauth/*", "/api/v2/*"]) app.use(path, limit(BODY_BYTES));
  app.use("/sandbox/*", limit(CONTROL_BYTES));
  app.route("/", oauth.routes);
  app.route("/", guests.routes);
  app.route("/", rest.routes);
  app.route(
    "/",
    createControl({
      connections,
      sessions,
      settings,
      log,
      desk,
      events,
      faults,
      deployments: rest.deployments.all,
      totals,
    }),
  );
  app.notFound((c) => answerError(c, 404, "not.found", "There is nothing at this address"));
  app.onError((_error, c) => answerError(c, 500, "internal.server.error", "The sandbox has failed"));

  return {
    fetch: async (request) => app.fetch(request),
    connect({ url: given, host = "", origin }) {
      const base = `http://${host}`;
      const own = URL.canParse(base) ? base : "http://localhost";
      const url = new URL(URL.canParse(given, own) ? given : "/", own);
      const path = url.pathname;
      const address = toSocketAddress(path);
      const met = faults.meet({ kind: "upgrade", path });
      const fault = met?.fault;
      const delay = met?.delayMs === undefined ? {} : { delayMs: met.delayMs };
      const refuse = (refused: number): Upgrade => {
        log.add({ direction: "in", kind: "upgrade", path, status: refused, origin, fault });
        return { refused, ...delay };
      };
      if (!address && path !== SOCKET_PATH) return refuse(404);
      if (closed || settings.refuseSockets) return refuse(503);
      if (met?.refuse !== undefined) return refuse(met.refuse);
      const speak = address
        ? (connection: Connection) => new GuestSocket(guestApi, connection, address)
        : webMessaging.connect(url, origin);
      if ("refused" in speak) return refuse(speak.refused);
      const session = address?.sessionId;
      const protocol = address ? "guest-api" : "web-messaging";
      return {
        ...delay,
        accept(socket) {
          log.add({ direction: "in", kind: "upgrade", session, path, status: 101, origin, fault });
          return connections.accept(socket, { protocol, session, origin, path }, speak);
        },
      };
    },
    close() {
      closed = true;
      connections.closeAll(1001);
      events.closeAll();
      clock.cancelAll();
    },
  };
}
