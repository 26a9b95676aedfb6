/** /sandbox/…: how tests, the demo and the agent's desk look into the sandbox and turn its knobs. */
import { Hono } from "hono";
import * as v from "valibot";
import type { Connections } from "./connections.ts";
import { agentAction, findObjection } from "./desk/agent.ts";
import type { Desk } from "./desk/desk.ts";
import type { EventStreams } from "./desk/events.ts";
import type { Faults } from "./faults/faults.ts";
import { faultRules, isCloseCode } from "./faults/rule.ts";
import { answerError, readBody } from "./http.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./options.ts";
import type { Sessions } from "./sessions.ts";

export interface ControlParts {
  connections: Connections;
  sessions: Sessions;
  settings: Settings;
  log: Log;
  desk: Desk;
  events: EventStreams;
  faults: Faults;
  deployments: readonly { id: string }[];
  totals(): { guestsCreated: number; tokensIssued: number };
}

const newSettings = v.strictObject({
  guestTokenSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(86_400))),
  refuseSockets: v.optional(v.boolean()),
});

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

export function createControl(parts: ControlParts): Hono {
  const { connections, sessions, settings, log, desk, events, faults, deployments, totals } = parts;
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
      sessions: sessions.all().map((session) => {
        const { id, conversation, guest } = session;
        const { id: first, guest: _, ...standing } = desk.of(session);
        return {
          id,
          conversation: first,
          messages: conversation.messages,
          readOnly: conversation.readOnly,
          name: guest.name,
          attributes: guest.attributes,
          routing: guest.routing,
          ...standing,
        };
      }),
      deployments: deployments.map(({ id }) => ({ id })),
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

  routes.get("/sandbox/events", (c) => {
    c.header("Content-Type", "text/event-stream");
    // Some reverse proxies hold back what is not at an end.
    c.header("X-Accel-Buffering", "no");
    return c.body(events.open(c.req.query("log") !== undefined));
  });

  routes.get("/sandbox/faults", (c) => c.json({ faults: faults.list() }));

  routes.post("/sandbox/faults", async (c) => {
    const read = await readBody(c, faultRules);
    if ("response" in read) return read.response;
    return c.json({ faults: faults.add(read.body) }, 201);
  });

  routes.delete("/sandbox/faults", (c) => c.json({ removed: faults.remove() }));

  routes.delete("/sandbox/faults/:id", (c) => {
    if (faults.remove(c.req.param("id")) === 0) return answerError(c, 404, "not.found", "There is no such rule");
    return c.json({ removed: 1 });
  });

  routes.post("/sandbox/agent", async (c) => {
    const read = await readBody(c, agentAction);
    if ("response" in read) return read.response;
    const id = read.body.session;
    const session = id === undefined ? sessions.all().at(-1) : sessions.find(id);
    if (!session) return answerError(c, 404, "not.found", "There is no such session");
    if (session.conversation.readOnly) return answerError(c, 409, "conversation.ended", "The conversation is over");
    const objection = findObjection(session, read.body);
    if (objection !== undefined) return answerError(c, 400, "bad.request", objection);
    await desk.perform(session, read.body);
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
