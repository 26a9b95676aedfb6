/** History over REST (sections 2.8, 3.12 and 4.5 of the protocol): a JWT for about a minute, and pages of messages, newest first. */
import { Hono } from "hono";
import { errors, jwtVerify, SignJWT } from "jose";
import type { SandboxClock } from "../options.ts";
import { createRate, type Rate } from "../rate.ts";
import type { Deployment } from "./deployment.ts";
import type { Deployments } from "./deployments.ts";
import { allowPages, checkPage } from "./origins.ts";
import { answerRefused, Refused, readBearer } from "./platform-error.ts";

/** A StructuredMessage that the guest has seen, as it went out. */
export interface Told {
  body: Record<string, unknown>;
  tracingId?: string;
}

export interface History {
  routes: Hono;
  /** What `getJwt` asks: body of JwtResponse, `exp` in seconds since the epoch. */
  issue(session: string, deployment: Deployment): Promise<{ jwt: string; exp: number }>;
}

export interface HistoryParts {
  clock: SandboxClock;
  randomId: () => string;
  deployments: Deployments;
  /** Oldest first; undefined when there is no such session any more. */
  read(session: string): readonly Told[] | undefined;
}

const PATH = "/api/v2/webmessaging/messages";
const AUDIENCE = "webmessaging-history";
const PAGE_MAX = 500;

/** Only from 1 on, and no more than `most`. */
function readNumber(text: string | undefined, name: string, usual: number, most: number): number {
  if (text === undefined) return usual;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Refused(400, "bad.request", `${name}: Expected a number from 1 to ${most}`);
}

const isTyping = ({ body }: Told): boolean =>
  Array.isArray(body.events) && body.events.every((event) => event?.eventType === "Typing");

/** As the fixtures have it: no metadata, of the channel neither type nor recipient, and `content` always. */
function toEntity({ body, tracingId }: Told, withTracingId: boolean): object {
  const { metadata: _, channel, content = [], ...rest } = body;
  const { type: _type, to: _to, ...kept } = (channel ?? {}) as Record<string, unknown>;
  return { ...rest, channel: kept, content, ...(withTracingId && tracingId !== undefined && { tracingId }) };
}

export function createHistory({ clock, randomId, deployments, read }: HistoryParts): History {
  const key = new TextEncoder().encode(`${randomId()}${randomId()}`);
  const rates = new Map<Deployment, Rate>();
  const rateOf = (deployment: Deployment): Rate => {
    const rate = rates.get(deployment) ?? createRate(deployment.limits.historyPerMinute, clock.now);
    rates.set(deployment, rate);
    return rate;
  };

  const verify = async (jwt: string | undefined): Promise<{ session: string; deployment: Deployment }> => {
    if (jwt === undefined)
      throw new Refused(401, "authentication.required", "No authentication bearer token specified");
    try {
      const { payload } = await jwtVerify(jwt, key, { audience: AUDIENCE, currentDate: new Date(clock.now()) });
      return { session: String(payload.sub), deployment: deployments.get(String(payload.deploymentId)) };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      throw new Refused(401, "bad.credentials", "Invalid login credentials");
    }
  };

  const routes = new Hono();
  routes.onError(answerRefused(randomId));
  routes.use(PATH, allowPages(deployments.all, "GET"));
  routes.get(PATH, async (c) => {
    c.header("Cache-Control", "no-store");
    const { session, deployment } = await verify(readBearer(c));
    checkPage(deployment, c);
    const wait = rateOf(deployment).take(session);
    if (wait > 0)
      throw new Refused(429, "too.many.requests", "Too many requests for the history of this session", wait);
    const pageNumber = readNumber(c.req.query("pageNumber"), "pageNumber", 1, 1_000_000);
    const pageSize = readNumber(c.req.query("pageSize"), "pageSize", 25, PAGE_MAX);
    const told = read(session);
    if (!told) throw new Refused(401, "bad.credentials", "Invalid login credentials");
    const all = told.filter((each) => !isTyping(each)).reverse();
    const from = (pageNumber - 1) * pageSize;
    return c.json({
      entities: all.slice(from, from + pageSize).map((each) => toEntity(each, deployment.switches.tracingIdInHistory)),
      pageSize,
      pageNumber,
      total: all.length,
      pageCount: Math.ceil(all.length / pageSize),
    });
  });

  return {
    routes,
    async issue(session, deployment) {
      const exp = Math.floor(clock.now() / 1000) + deployment.limits.historyJwtSeconds;
      const jwt = await new SignJWT({ deploymentId: deployment.id })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setSubject(session)
        .setAudience(AUDIENCE)
        .setExpirationTime(exp)
        .sign(key);
      return { jwt, exp };
    },
  };
}
