/** The broker: keeps the OAuth client's secret off the browser and gives pages guest sessions (profile, section 4). */
import { type Context, Hono } from "hono";
import { createActivity } from "./activity/activity.ts";
import { activitySchema } from "./activity/activity-schema.ts";
import { createAccessTokens, createExchange } from "./genesys/access-tokens.ts";
import { createAskGenesys } from "./genesys/ask-genesys.ts";
import { createGuests } from "./genesys/guests.ts";
import { createRequestToken } from "./genesys/oauth.ts";
import { createPace } from "./genesys/pace.ts";
import { createTokenCheck } from "./genesys/token-check.ts";
import { createUpstream, toReason } from "./genesys/upstream.ts";
import { createCors, createGuard, toBoundOrigin } from "./guard.ts";
import { createOnce } from "./once.ts";
import { type BrokerOptions, settle } from "./options.ts";
import { Refusal } from "./problem.ts";
import { createProfiles } from "./profile/profile.ts";
import { readBody, refreshSchema, sessionSchema, toBearer, toIdempotencyKey, toProfileSchema } from "./requests.ts";
import { type Caller, createSessions } from "./sessions.ts";
import { createTickets } from "./ticket.ts";

export type { BrokerOptions, Route } from "./options.ts";

/**
 * Answers `/v1/…`, `/healthz` and `/readyz`; never rejects.
 * Throws a TypeError that names the first wrong option.
 */
export function createBroker(options: BrokerOptions): (request: Request) => Promise<Response> {
  const settled = settle(options);
  const { baseUrl, clock, fetch, log, perMinute, random, store } = settled;
  if (baseUrl.startsWith("http:")) log("warn", "insecure_base_url", { url: new URL(baseUrl).origin });

  const pace = createPace(perMinute, clock);
  const once = createOnce(store);
  const upstream = createUpstream({ fetch, pace, clock, random, log });
  const requestToken = createRequestToken(settled, { upstream, log });
  const accessTokens = createAccessTokens(settled, { requestToken, once });
  const askGenesys = createAskGenesys(settled, { upstream, log });
  const tokenCheck = createTokenCheck(settled);
  const createGuest = createGuests(settled, { askGenesys, accessTokens, tokenCheck, log });
  const tickets = createTickets(settled);
  const sessions = createSessions(settled, { createGuest, tickets, once });
  const exchange = createExchange(requestToken);
  const profiles = createProfiles(settled, { askGenesys, accessTokens, exchange, tickets, once, log });
  const takeActivity = createActivity(settled, { tickets, log });
  const profileSchema = toProfileSchema(settled.trustCaller);
  const guard = createGuard(settled);

  const app = new Hono();

  app.use(async (c, next) => {
    const began = clock.monotonic();
    await next();
    c.header("Cache-Control", "no-store");
    c.header("X-Content-Type-Options", "nosniff");
    if (!c.res.headers.has("Vary")) c.header("Vary", "Origin");
    const { code } = c.error instanceof Refusal ? c.error : { code: undefined };
    const durationMs = Math.round(clock.monotonic() - began);
    log("info", "answered", { call: toCall(c), status: c.res.status, durationMs, ...(code && { code }) });
  });

  app.onError((error) => {
    if (error instanceof Refusal) return error.toResponse(clock.now());
    log("error", "internal", { reason: toReason(error), at: toPlace(error) });
    return new Refusal("internal").toResponse(clock.now());
  });
  app.notFound(() => new Refusal("not_found").toResponse(clock.now()));

  app.get("/healthz", (c) => c.json({ status: "ok", now: clock.now() }));
  app.get("/readyz", async (c) => {
    try {
      await Promise.all([store.get("readyz"), accessTokens.get()]);
    } catch (error) {
      log("warn", "not_ready", { reason: error instanceof Refusal ? error.code : toReason(error) });
      throw new Refusal("not_ready", undefined, 5_000);
    }
    return c.json({ status: "ready", now: clock.now() });
  });

  app.use("/v1/*", guard.origin, createCors(), guard.embedder);
  app.post("/v1/sessions", async ({ req: { raw }, json }) => {
    const key = toIdempotencyKey(raw);
    return json(await sessions.start(toCaller(raw), await readBody(raw, sessionSchema), key), 201);
  });
  app.post("/v1/sessions/refresh", async ({ req: { raw }, json }) => {
    const ticket = toBearer(raw);
    return json(await sessions.refresh(toCaller(raw), ticket, await readBody(raw, refreshSchema)));
  });
  app.delete("/v1/sessions", async (c) => {
    await sessions.end(toCaller(c.req.raw), toBearer(c.req.raw));
    return c.body(null, 204);
  });
  app.put("/v1/profile", async ({ req: { raw }, json }) => {
    profiles.refuseUnconfigured();
    const ticket = toBearer(raw);
    return json(await profiles.sync(toCaller(raw), ticket, await readBody(raw, profileSchema)));
  });
  app.post("/v1/activity", async (c) => {
    const ticket = toBearer(c.req.raw);
    await takeActivity(toCaller(c.req.raw), ticket, await readBody(c.req.raw, activitySchema));
    return c.body(null, 204);
  });
  app.all("/v1/sessions", methodNotAllowed("POST, DELETE"));
  app.all("/v1/sessions/refresh", methodNotAllowed("POST"));
  app.all("/v1/profile", methodNotAllowed("PUT"));
  app.all("/v1/activity", methodNotAllowed("POST"));

  return async (request) => app.fetch(request);

  function methodNotAllowed(allow: string) {
    return (c: Context) => {
      c.header("Allow", allow);
      throw new Refusal("method_not_allowed");
    };
  }
}

const toCaller = ({ headers }: Request): Caller => ({
  origin: toBoundOrigin(headers),
  userAgent: headers.get("User-Agent") ?? undefined,
});

const CALLS = new Set(["/healthz", "/readyz", "/v1/sessions", "/v1/sessions/refresh", "/v1/profile", "/v1/activity"]);

/** A path that is none of ours may hold anything, and stays out of the log. */
const toCall = ({ req }: Context): string => (CALLS.has(req.path) ? `${req.method} ${req.path}` : "other");

/** Where an unexpected error came from: the stack without its first lines, which repeat the message. */
const toPlace = ({ stack = "" }: Error): string =>
  stack
    .split("\n")
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, 5)
    .map((line) => line.trim())
    .join("; ");
