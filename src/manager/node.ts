/** GuestSessionManager for Node: the session lives in the program; with client credentials so does the broker. */
import { WebSocket } from "ws";
import { type BrokerOptions, createBroker } from "../broker/broker.ts";
import { type Client, createClient } from "../hub/client.ts";
import { inProcessHost, type Network } from "../hub/hosts/in-process.ts";
import type { HubOptions } from "../hub/options.ts";
import type { PlatformSocket } from "../session/platform.ts";
import {
  type BrokerConfig,
  type CredentialsConfig,
  isLanguage,
  refuseBoth,
  requireObject,
  toGenesysUrl,
  toHubOptions,
  toOptional,
  toText,
} from "./config.ts";
import { type Place, SessionManager } from "./session-manager.ts";

export type { ActivityLogEntry, Metrics } from "../chat/activity.ts";
export { ChatError, type ChatErrorCode } from "../chat/error.ts";
export type { Message } from "../chat/message.ts";
export type { Profile } from "../chat/profile.ts";
export type { ChatState, Phase } from "../chat/state.ts";
export type { BrokerConfig } from "./config.ts";
export type { Listener } from "./session-manager.ts";

export interface NodeCredentialsConfig extends CredentialsConfig {
  /** What the broker in the program logs: with a refusal of Genesys', what it misses. Default: silence. */
  log?: BrokerOptions["log"];
}

/** Names no host: these calls never leave the process (RFC 2606, section 2). */
const IN_PROCESS = "https://broker.invalid";
/** Frames have at most 1 MiB characters; of UTF-8 each has at most three bytes. */
const FRAME_BYTES = 3 * 1_048_576;

export class GuestSessionManager extends SessionManager {
  /** Throws a ChatError CHAT_CONFIGURATION with the field that is wrong. */
  constructor(config: NodeCredentialsConfig | BrokerConfig) {
    requireObject(config);
    super("broker" in config ? throughBroker(config) : withCredentials(config));
  }
}

function throughBroker(config: BrokerConfig): Place {
  refuseBoth(config);
  const options = toHubOptions(config);
  const network = toNetwork(fetch, toOptional(config, "userAgent"));
  return { vouches: false, openClient: () => openHere(options, network) };
}

function withCredentials(config: NodeCredentialsConfig): Place {
  const route = {
    queue: toText(config, "routingQueueId"),
    skill: toText(config, "routingSkillId"),
    language: toText(config, "routingLanguage"),
  };
  const options = toHubOptions({ ...config, broker: IN_PROCESS, baseUrl: undefined });
  // The routing's language may be any name that Genesys has for one.
  if (isLanguage(route.language)) options.language ??= route.language;
  const broker = createBroker({
    baseUrl: toGenesysUrl(config),
    clientId: toText(config, "clientId"),
    clientSecret: toText(config, "clientSecret"),
    routes: { guest: route },
    // No browser reaches it: the only caller is this program, which may say who its guest is.
    allowedOrigins: () => false,
    allowNoOrigin: true,
    trustCaller: true,
    delegation: "client-credentials",
    ticketSecrets: [`${crypto.randomUUID()}${crypto.randomUUID()}`],
    log: config.log,
  });
  const network = toNetwork(broker, toOptional(config, "userAgent"));
  return { vouches: true, openClient: () => openHere(options, network) };
}

const openHere = (options: HubOptions, network: Network): Client =>
  createClient({ options, host: "page", startHost: inProcessHost(network) });

/** Newer Nodes call themselves so. */
const USER_AGENT = `Node.js/${process.versions.node.split(".")[0]}`;

const toNetwork = (ask: (request: Request) => Promise<Response>, userAgent = USER_AGENT): Network => ({
  locale: Intl.DateTimeFormat().resolvedOptions().locale,
  fetch(url, init) {
    const request = new Request(url, init);
    request.headers.set("User-Agent", userAgent);
    return ask(request);
  },
  openSocket: (url) => new WebSocket(url, { maxPayload: FRAME_BYTES, perMessageDeflate: false }) as PlatformSocket,
});
