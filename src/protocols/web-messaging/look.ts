/** A deployment's look, fetched by itself: before there is a session, and without beginning one. */
import { type Look, readLook, toLook } from "../../wire/web-messaging/look.ts";
import { toDomain, toHosts } from "../../wire/web-messaging/regions.ts";

export interface LookRequest {
  deploymentId: string;
  /** A region's domain, or what a snippet calls it. */
  environment?: string;
  /** One origin that serves the deployment's files in place of the region's. */
  endpoint?: string;
}

/** Of what was kept as JSON only what a look may be. */
export const fromKept = (value: unknown): Look => toLook(value);

/** Rejects with an Error that says for the site owner why it cannot be had. */
export async function fetchLook(
  { deploymentId, environment, endpoint }: LookRequest,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<Look> {
  const domain = toDomain(environment ?? "");
  if (!domain && !endpoint) throw new Error(`environment="${environment ?? ""}" is no region of Genesys Cloud`);
  const { cdn } = toHosts(domain ?? "", endpoint);
  const url = `${cdn}/webdeployments/v1/deployments/${encodeURIComponent(deploymentId)}/config.json`;
  const response = await fetch(url, { credentials: "omit", redirect: "error", signal });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  const look = readLook(await response.json());
  if (!look) throw new Error(`${url} is no deployment's`);
  return look;
}
