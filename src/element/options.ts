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
  environment?: string | null;
  endpoint?: string | null;
  storage?: string | null;
  customAttributes?: unknown;
}

/** `base` resolves a relative address; `language` is BCP 47. */
export function toHubOptions(page: PageOptions, base: string, language: string): HubOptions {
  const { broker, deploymentId, endpoint } = page;
  const protocol = page.protocol || (deploymentId && !broker ? "web-messaging" : "guest-api");
  const common = {
    language: language || undefined,
    attributes: toAttributes(page.customAttributes),
    storage: page.storage === "memory" ? "memory" : "local",
  } as const;
  const needs = (field: string, value?: string | null): string => {
    if (!value) throw new ChatError("CHAT_CONFIGURATION", `no \`${field}\``);
    return value;
  };
  if (protocol === "web-messaging") {
    return {
      ...common,
      protocol,
      deploymentId: needs("deployment-id", deploymentId),
      environment: endpoint ? undefined : needs("environment", page.environment),
      endpoint: endpoint ? toHttpUrl("endpoint", endpoint, base) : undefined,
    };
  }
  if (protocol !== "guest-api") throw new ChatError("CHAT_CONFIGURATION", `protocol="${protocol}"`);
  return {
    ...common,
    protocol,
    broker: toHttpUrl("broker", needs("broker", broker), base),
    route: page.route || undefined,
  };
}
