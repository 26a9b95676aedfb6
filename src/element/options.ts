/** From the element's attributes to HubOptions; throws a ChatError that names the attribute. */
import { ChatError } from "../chat/error.ts";
import { toAttributes, toHttpUrl } from "../hub/given.ts";
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
    broker: toHttpUrl("broker", page.broker, base),
    route: page.route || undefined,
    language: language || undefined,
    attributes: toAttributes(page.customAttributes),
    storage: page.storage === "memory" ? "memory" : "local",
  };
}
