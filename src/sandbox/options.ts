/** SandboxOptions: everything that can be set on a sandbox, and the defaults, in one place. */
import { ATTRIBUTES_BYTES } from "../wire/broker-api.ts";
import type { Limits } from "../wire/guest-api.ts";
import { demoDeployment } from "./web-messaging/demo-deployment.ts";
import type { DeploymentOptions } from "./web-messaging/deployment.ts";

/** Time, handed in so that tests and simulations own it. */
export interface SandboxClock {
  /** ms since the epoch. */
  now(): number;
  /** Calls back once, never at once, after `ms`; returns the way to call it off. */
  after(ms: number, callback: () => void): () => void;
}

export interface SandboxOptions {
  /** The one OAuth client. Default "sandbox". */
  clientId?: string;
  /** Default "sandbox-secret": worth nothing outside a sandbox. */
  clientSecret?: string;
  /** What the OAuth client may ask for. Default: all four scopes of the profile. */
  scopes?: readonly string[];
  /** Life of an access token. Default 86,400. */
  accessTokenSeconds?: number;
  /** Requests to /oauth/token in a minute. Default 300. */
  tokensPerMinute?: number;
  /** Requests to /api/v2 in a minute and OAuth client. Default 200. */
  requestsPerMinute?: number;
  /** Life of a guest token; can be changed at run time. Default 3,600. */
  guestTokenSeconds?: number;
  /** Signs guest tokens (HS256). Default: made at random, so tokens die with the sandbox. */
  guestTokenSecret?: string;
  /** Default 4,096 bytes of text, 10,240 bytes of attributes, 120 messages in a minute. */
  limits?: Partial<Limits>;
  /** Of web messaging. Default: one with all features on. */
  deployments?: readonly DeploymentOptions[];
  /** How long web messaging looks at a file that has come up, in ms. Default 50. */
  uploadDelayMs?: number;
  /** For the identity providers of deployments. Default: the runtime's own. */
  fetch?: (request: Request) => Promise<Response>;
  /** Whether Otto answers. Default true. */
  bot?: boolean;
  /** How long Otto types, in ms. Default 600. */
  botDelayMs?: number;
  clock?: SandboxClock;
  /** A UUID, never the same twice. */
  randomId?: () => string;
}

export type ResolvedOptions = Required<Omit<SandboxOptions, "limits">> & { limits: Limits };

/** What `POST /sandbox/settings` changes while the sandbox runs. */
export interface Settings {
  guestTokenSeconds: number;
  /** Upgrades are answered with 503. */
  refuseSockets: boolean;
}

const realClock: SandboxClock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const POSITIVE = ["accessTokenSeconds", "tokensPerMinute", "requestsPerMinute", "guestTokenSeconds"] as const;

/** Fills in the defaults; throws a TypeError that names a wrong option. */
export function resolveOptions(options: SandboxOptions): ResolvedOptions {
  const randomId = options.randomId ?? (() => crypto.randomUUID());
  const resolved: ResolvedOptions = {
    clientId: options.clientId ?? "sandbox",
    clientSecret: options.clientSecret ?? "sandbox-secret",
    scopes: options.scopes ?? ["guest:create", "guest:read", "webchat:send", "user:read"],
    accessTokenSeconds: options.accessTokenSeconds ?? 86_400,
    tokensPerMinute: options.tokensPerMinute ?? 300,
    requestsPerMinute: options.requestsPerMinute ?? 200,
    guestTokenSeconds: options.guestTokenSeconds ?? 3600,
    guestTokenSecret: options.guestTokenSecret ?? `${randomId()}${randomId()}`,
    limits: { textBytes: 4096, attributesBytes: ATTRIBUTES_BYTES, messagesPerMinute: 120, ...options.limits },
    deployments: options.deployments ?? [demoDeployment],
    uploadDelayMs: options.uploadDelayMs ?? 50,
    fetch: options.fetch ?? ((request) => fetch(request)),
    bot: options.bot ?? true,
    botDelayMs: options.botDelayMs ?? 600,
    clock: options.clock ?? realClock,
    randomId,
  };
  for (const name of POSITIVE) {
    if (!(resolved[name] > 0)) throw new TypeError(`createSandbox: ${name} must be above 0, got ${resolved[name]}`);
  }
  for (const name of ["botDelayMs", "uploadDelayMs"] as const) {
    if (!(resolved[name] >= 0)) throw new TypeError(`createSandbox: ${name} must be 0 or more, got ${resolved[name]}`);
  }
  return resolved;
}
