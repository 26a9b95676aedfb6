/** HubOptions: what a session needs to know, as a tab tells it at join; and the key under which tabs share one. */

export interface HubOptions {
  protocol: "guest-api";
  /** Absolute, without a trailing slash. */
  broker: string;
  route?: string;
  /** What the guest is called; the broker's own default when there is none. */
  name?: string;
  /** BCP 47. */
  language?: string;
  attributes: Record<string, unknown>;
  storage: "local" | "memory";
  /** The origin of the page around a hub frame: the frame says it, as the browser told it, and never the page. */
  embedder?: string;
}

/** The key of a session: tabs with the same key share one. Route, name, language and attributes are not part of it. */
export const toSessionKey = ({ protocol, broker, storage, embedder }: HubOptions): string =>
  [protocol, broker, storage, embedder].join(" ").trim();
