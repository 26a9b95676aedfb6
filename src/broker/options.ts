/** The broker's options: what they are, their defaults, and the check that a wrong one fails loudly. */
import * as v from "valibot";
import { isOrigin, isTrustworthy, isUrl } from "../wire/urls.ts";
import type { Log } from "./log.ts";
import { type BrokerStore, createMemoryStore } from "./store.ts";

/** Where a guest is sent. Ids are Genesys' own; `language` is BCP 47 and the default locale. */
export interface Route {
  queue: string;
  skill: string;
  language: string;
  /** What a guest is called who gave no name. Default "Web Guest". */
  name?: string;
}

/** Time, handed in so that tests own it. */
export interface BrokerClock {
  /** ms since the epoch. May jump. */
  now(): number;
  /** ms since some moment. Never goes back. */
  monotonic(): number;
  wait(ms: number): Promise<void>;
}

export type Fetch = (request: Request) => Response | Promise<Response>;

export interface BrokerOptions {
  /** Genesys or what stands in for it: `https://<org>.mypurecloud.com`. */
  baseUrl: string;
  /** The confidential OAuth client. It never leaves this process but to `<baseUrl>/oauth/token`. */
  clientId: string;
  clientSecret: string;
  /** By the name a page gives; the first is for pages that give none. */
  routes: Record<string, Route>;
  /** Exact origins, or a predicate. `null` is always refused. */
  allowedOrigins: string[] | ((origin: string) => boolean);
  /** Calls without an Origin header (no browser makes one) are taken. Default false. */
  allowNoOrigin?: boolean;
  /** The first signs tickets, all verify. At least 32 characters each (RFC 7518, section 3.2). */
  ticketSecrets: string[];
  /** How long a ticket lives. Default 7. */
  ticketDays?: number;
  /** How a guest token's signature is verified: a JWKS (RS256, PS256, ES256) or HS256. Default: claims only. */
  guestToken?: { jwksUrl: string } | { secret: string };
  /** The identity provider whose ID tokens are believed, and the audience they must name. Default: none, no profiles. */
  oidc?: {
    /** Exactly as in its tokens' `iss`. https, or http on loopback. */
    issuer: string;
    clientId: string;
    /** Where its keys are. Default: as its discovery document says. */
    jwksUri?: string;
  };
  /** With which token a profile is written: one exchanged for the ID token (RFC 8693), or the client's own. Default the first. */
  delegation?: "token-exchange" | "client-credentials";
  /** Callers vouch for a guest with `{providerId, email}`: for a broker inside a program, never one that browsers reach. Default false. */
  trustCaller?: boolean;
  /** What Genesys allows this OAuth client in a minute; the broker stays below it. Default 200. */
  perMinute?: number;
  /** Where browsers open the guest socket, when not at `baseUrl`: `wss://…`. */
  publicSocketBase?: string;
  /** Default: the platform's. */
  fetch?: Fetch;
  clock?: BrokerClock;
  /** As Math.random: [0, 1). */
  random?: () => number;
  /** Default: silence. */
  log?: Log;
  /** What brokers share. Default: this process's memory. */
  store?: BrokerStore;
}

type Absent = "guestToken" | "oidc";

export type Settled = Required<Omit<BrokerOptions, Absent>> & Pick<BrokerOptions, Absent>;

const systemClock: BrokerClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const withoutSlash = v.transform((text: string) => text.replace(/\/+$/, ""));

// Messages say what was expected and never what was given: it may be a secret in the wrong place.
const text = v.pipe(v.string("expected text"), v.trim(), v.minLength(1, "is missing"));
const httpUrl = v.pipe(text, v.check(isUrl("https:", "http:"), "expected a URL, https://…"));
const origin = v.pipe(text, v.check(isOrigin, "expected origins only, as in https://shop.example"));
const providerUrl = v.pipe(text, v.check(isTrustworthy, "expected https://…, or http:// on loopback"));
const issuer = v.pipe(providerUrl, v.check(isUrl("https:", "http:"), "expected no query and no fragment"));
const secret = v.pipe(text, v.minLength(32, "expected at least 32 characters each"));

/** The checked part of the options; messages are for whoever configures the broker. */
export const optionsSchema = v.object({
  baseUrl: v.pipe(httpUrl, withoutSlash),
  clientId: text,
  clientSecret: text,
  routes: v.pipe(
    v.record(
      text,
      v.object(
        { queue: text, skill: text, language: text, name: v.optional(text) },
        "expected {queue, skill, language}",
      ),
      "expected an object",
    ),
    v.check((routes) => Object.keys(routes).length > 0, "expected at least one route"),
  ),
  allowedOrigins: v.union(
    [
      v.pipe(v.array(origin), v.minLength(1, "expected at least one origin")),
      v.custom<(origin: string) => boolean>((given) => typeof given === "function"),
    ],
    (issue) => issue.issues?.at(0)?.message ?? "expected a list of origins",
  ),
  ticketSecrets: v.pipe(v.array(secret, "expected a list"), v.minLength(1, "is missing")),
  ticketDays: v.optional(
    v.pipe(
      v.number("expected a number"),
      v.gtValue(0, "expected more than 0"),
      v.maxValue(365, "expected at most 365"),
    ),
    7,
  ),
  guestToken: v.optional(
    v.union([v.strictObject({ jwksUrl: httpUrl }), v.strictObject({ secret: text })], "expected one URL or one secret"),
  ),
  oidc: v.optional(v.object({ issuer, clientId: text, jwksUri: v.optional(providerUrl) })),
  delegation: v.optional(
    v.picklist(["token-exchange", "client-credentials"], "expected token-exchange or client-credentials"),
    "token-exchange",
  ),
  perMinute: v.optional(
    v.pipe(v.number("expected a number"), v.integer("expected a whole number"), v.minValue(2, "expected at least 2")),
    200,
  ),
  publicSocketBase: v.optional(v.pipe(text, v.check(isUrl("wss:", "ws:"), "expected wss://…"), withoutSlash)),
});

/** Options with every default filled in; throws a TypeError that names the first wrong one. */
export function settle(options: BrokerOptions): Settled {
  const checked = v.safeParse(optionsSchema, options);
  if (!checked.success) {
    const [issue] = checked.issues;
    throw new TypeError(`createBroker: ${v.getDotPath(issue) ?? "options"}: ${issue.message}`);
  }
  const { baseUrl } = checked.output;
  const clock = options.clock ?? systemClock;
  const trustCaller = options.trustCaller ?? false;
  // Without an ID token there is nothing to exchange.
  if (trustCaller && checked.output.delegation !== "client-credentials") {
    throw new TypeError("createBroker: trustCaller: expected with delegation client-credentials only");
  }
  return {
    ...checked.output,
    publicSocketBase: checked.output.publicSocketBase ?? baseUrl.replace(/^http/, "ws"),
    allowNoOrigin: options.allowNoOrigin ?? false,
    trustCaller,
    fetch: options.fetch ?? ((request) => fetch(request)),
    clock,
    random: options.random ?? Math.random,
    log: options.log ?? (() => {}),
    store: options.store ?? createMemoryStore(() => clock.monotonic()),
  };
}
