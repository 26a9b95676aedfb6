/** What a GuestSessionManager is configured with, and the checks: a wrong field throws CHAT_CONFIGURATION and is named. */
import { ChatError } from "../chat/error.ts";
import { toAttributes, toHttpUrl } from "../hub/given.ts";
import type { GuestApiHubOptions } from "../hub/options.ts";

interface Guest {
  /** What the guest is called. Default: the route's, or "Web Guest". */
  name?: string;
  /** Told to Genesys with a new guest; at most 10,240 bytes of JSON with the broker's own. */
  attributes?: Record<string, unknown>;
  /** The guest's language, BCP 47. Default: the browser's; in Node that of the routing, or of the process. */
  locale?: string;
  /** Told to Genesys as `user_agent`. In Node only: a browser names itself. */
  userAgent?: string;
}

/** The session comes from a broker, which keeps the secret. */
export interface BrokerConfig extends Guest {
  /** The broker's URL. */
  broker: string;
  /** One of the broker's routes; its first when there is none. */
  route?: string;
  /** What a relative `broker` is relative to. Default: the page. */
  baseUrl?: string;
  /** In a page: a same-origin copy of `worker.js`. Default: the one beside `manager.js`. */
  workerUrl?: string;
}

/** The founding document's own. In Node only. */
export interface CredentialsConfig extends Guest {
  /** The name before `.mypurecloud.com`; not needed with `baseUrl`. */
  org?: string;
  /** Genesys, or what stands in for it. Default: `https://<org>.mypurecloud.com`. */
  baseUrl?: string;
  clientId: string;
  clientSecret: string;
  routingQueueId: string;
  routingSkillId: string;
  routingLanguage: string;
}

const wrong = (fault: string) => new ChatError("CHAT_CONFIGURATION", fault);

/** The text of a field; throws where there is none. */
export function toText<Config extends object>(config: Config, field: keyof Config & string): string {
  const value: unknown = config[field];
  if (typeof value !== "string" || value.trim() === "") throw wrong(`${field}: expected text`);
  return value;
}

/** The text of a field that may be absent. */
export const toOptional = <Config extends object>(config: Config, field: keyof Config & string): string | undefined =>
  config[field] === undefined ? undefined : toText(config, field);

/** Of a configuration that names a broker; `base` is the page's address. */
export function toHubOptions(config: BrokerConfig, base?: string): GuestApiHubOptions {
  return {
    protocol: "guest-api",
    broker: toHttpUrl("broker", toText(config, "broker"), toOptional(config, "baseUrl") ?? base),
    route: toOptional(config, "route"),
    name: toOptional(config, "name"),
    language: toLanguage(config),
    attributes: toAttributes(config.attributes),
    storage: "local",
  };
}

function toLanguage(config: Guest): string | undefined {
  const locale = toOptional(config, "locale");
  if (!isLanguage(locale ?? "en")) throw wrong("locale: expected BCP 47");
  return locale;
}

export function isLanguage(text: string): boolean {
  try {
    Intl.getCanonicalLocales(text);
    return true;
  } catch {
    return false;
  }
}

/** Goes into a host name. */
const ORG = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Where Genesys is. */
export function toGenesysUrl(config: CredentialsConfig): string {
  const baseUrl = toOptional(config, "baseUrl");
  if (baseUrl !== undefined) return toHttpUrl("baseUrl", baseUrl);
  const org = toText(config, "org");
  if (!ORG.test(org)) throw wrong("org: expected the name before .mypurecloud.com");
  return `https://${org}.mypurecloud.com`;
}

export function requireObject(config: unknown): void {
  if (Object(config) !== config) throw wrong("expected an object");
}

const hasSecret = (config: object): boolean => (config as { clientSecret?: unknown }).clientSecret !== undefined;

/** What a page has can be read by everybody. */
export function refuseSecret(config: object): void {
  if (hasSecret(config)) throw new ChatError("CHAT_SECRET_IN_BROWSER");
}

/** One way to a session, not two. */
export function refuseBoth(config: BrokerConfig): void {
  if (hasSecret(config)) throw wrong("broker: not together with clientSecret");
}
