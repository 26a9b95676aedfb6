/** From the element's attributes to HubOptions; throws a ChatError that names the attribute. */
import { ChatError } from "../chat/error.ts";
import type { HubOptions } from "../hub/options.ts";

/** What the page wrote on the element. */
export interface PageOptions {
  protocol?: string | null;
  broker?: string | null;
  route?: string | null;
  deploymentId?: string | null;
  storage?: string | null;
  customAttributes?: unknown;
}

/** `base` resolves a relative broker; `language` is BCP 47. */
export function toHubOptions(page: PageOptions, base: string, language: string): HubOptions {
  const protocol = page.protocol || (page.deploymentId && !page.broker ? "web-messaging" : "guest-api");
  if (protocol === "web-messaging") throw new ChatError("CHAT_UNSUPPORTED", `${protocol}; set \`broker\``);
  if (protocol !== "guest-api") throw new ChatError("CHAT_CONFIGURATION", `protocol="${protocol}"`);
  if (!page.broker) throw new ChatError("CHAT_CONFIGURATION", "no `broker`");
  return {
    protocol,
    broker: toBroker(page.broker, base),
    route: page.route || undefined,
    language: language || undefined,
    attributes: toAttributes(page.customAttributes),
    storage: page.storage === "memory" ? "memory" : "local",
  };
}

function toBroker(broker: string, base: string): string {
  const href = URL.canParse(broker, base) ? new URL(broker, base).href : "";
  if (!/^https?:[^@?#]+$/.test(href)) {
    throw new ChatError("CHAT_CONFIGURATION", "broker: an http(s) URL without credentials, query and fragment");
  }
  return href.replace(/\/+$/, "");
}

/** A plain copy that can cross a port. Size and reserved names are judged behind it, by what knows the limits. */
export function toAttributes(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  try {
    const copy: unknown = JSON.parse(JSON.stringify(value));
    if (typeof copy === "object" && copy !== null && !Array.isArray(copy)) return copy as Record<string, unknown>;
  } catch {
    // Cycles, BigInt: told below.
  }
  throw new ChatError("CHAT_CONFIGURATION", "attributes: an object that JSON can hold");
}
