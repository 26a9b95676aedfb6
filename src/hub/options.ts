/** HubOptions: what a session needs to know, as a tab tells it at join; and the key under which tabs share one. */

interface Common {
  /** BCP 47. */
  language?: string;
  attributes: Record<string, unknown>;
  storage: "local" | "memory";
  /** The origin of the page around a hub frame: the frame says it, as the browser told it, and never the page. */
  embedder?: string;
}

export interface GuestApiHubOptions extends Common {
  protocol: "guest-api";
  /** Absolute, without a trailing slash. */
  broker: string;
  route?: string;
  /** What the guest is called; the broker's own default when there is none. */
  name?: string;
}

export interface WebMessagingHubOptions extends Common {
  protocol: "web-messaging";
  deploymentId: string;
  /** A region's domain, or what a snippet calls it. */
  environment?: string;
  /** One origin that serves socket, REST and configuration in place of the region's hosts; without a trailing slash. */
  endpoint?: string;
}

export type HubOptions = GuestApiHubOptions | WebMessagingHubOptions;

/** The key of a session: tabs with the same key share one. Route, name, language and attributes are not part of it. */
export const toSessionKey = (options: HubOptions): string =>
  "protocol broker deploymentId environment endpoint storage embedder"
    .split(" ")
    .flatMap((part) => (options as unknown as Record<string, string>)[part] || [])
    .join(" ");
