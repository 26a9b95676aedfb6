/** /sandbox/…: how tests, the demo and the agent's desk look into the sandbox and turn its knobs. */
import { Hono } from "hono";
import * as v from "valibot";
import { agentAction, performAgentAction } from "./agent.ts";
import type { Connections } from "./connections.ts";
import { answerError, readBody } from "./http.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./options.ts";
import type { Sessions } from "./sessions.ts";

export interface ControlParts {
  connections: Connections;
  sessions: Sessions;
  settings: Settings;
  log: Log;
  totals(): { guestsCreated: number; tokensIssued: number };
}

const newSettings = v.strictObject({
  guestTokenSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(86_400))),
  refuseSockets: v.optional(v.boolean()),
});

/** The codes that an endpoint may send (RFC 6455, section 7.4). */
const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);

const closing = v.pipe(
  v.strictObject({
    code: v.optional(v.pipe(v.number(), v.integer(), v.check(isCloseCode, "Expected a code that may be sent"))),
    abnormal: v.optional(v.boolean()),
  }),
  v.check(({ code, abnormal }) => code === undefined || !abnormal, "Expected code or abnormal, got both"),
);

/** A page of another host must not turn the knobs of a sandbox on this machine; what is no browser sends no Origin. */
const isForeign = (origin: string | undefined, url: string): boolean => {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== new URL(url).host;
};

export function createControl({ connections, sessions, settings, log, totals }: ControlParts): Hono {
  const routes = new Hono();

  routes.use("/sandbox/*", async (c, next) => {
    c.header("Cache-Control", "no-store");
    if (isForeign(c.req.header("origin"), c.req.url)) {
      return answerError(c, 403, "not.allowed", "The sandbox's control does not answer pages of other hosts");
    }
    return next();
  });

  routes.get("/sandbox/state", (c) =>
    c.json({
      connections: connections.list(),
      sessions: sessions.all().map(({ id, protocol, guest, conversation }) => ({
        id,
        protocol,
        messages: conversation.messages.map(({ id, clientId, from, text }) => ({ id, clientId, from, text })),
        readOnly: conversation.readOnly,
        attributes: guest.attributes,
      })),
      deployments: [],
      totals: { ...connections.totals(), ...totals() },
    }),
  );

  routes.get("/sandbox/log", (c) => {
    c.header("Content-Type", "application/x-ndjson");
    return c.body(
      log
        .entries()
        .map((entry) => `${JSON.stringify(entry)}\n`)
        .join(""),
    );
  });

  routes.post("/sandbox/agent", async (c) => {
    const read = await readBody(c, agentAction);
    if ("response" in read) return read.response;
    const id = read.body.session;
    const session = id === undefined ? sessions.all().at(-1) : sessions.find(id);
    if (!session) return answerError(c, 404, "not.found", "There is no such session");
    if (session.conversation.readOnly) return answerError(c, 409, "conversation.ended", "The conversation is over");
    performAgentAction(session.conversation, read.body);
    return c.json({ session: session.id });
  });

  routes.post("/sandbox/settings", async (c) => {
    const read = await readBody(c, newSettings);
    if ("response" in read) return read.response;
    return c.json(Object.assign(settings, read.body));
  });

  routes.post("/sandbox/sockets/close", async (c) => {
    const read = await readBody(c, closing);
    if ("response" in read) return read.response;
    const { code = 1001, abnormal } = read.body;
    return c.json({ closed: connections.closeAll(abnormal ? undefined : code) });
  });

  return routes;
}
