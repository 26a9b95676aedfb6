/** A deployment's configuration: fetched before a connection is opened, and as last known good where it cannot be had. */
import type { Platform } from "../../session/platform.ts";
import { ConnectionFailure } from "../../session/protocol.ts";
import { toRetryAfter } from "../../session/retry-after.ts";
import { hasShape, isNumber, isPlain, isText } from "../../shape.ts";
import { type Deployment, isDomainAllowed, readDeployment } from "../../wire/web-messaging/deployment.ts";

/** Served no longer where the CDN does not answer. */
const LAST_KNOWN_MS = 86_400_000;
/** With something to fall back to, nobody waits longer for an answer. */
const PATIENCE_MS = 4_000;

export interface DeploymentRequest {
  /** Origin of the CDN. */
  cdn: string;
  deploymentId: string;
  /** Of the page; undefined where there is none. */
  hostname?: string;
  /** As it was kept by `toKept`. */
  kept?: string;
}

/** A deployment, and when it was had, in ms since the epoch. */
export interface KnownDeployment {
  at: number;
  deployment: Deployment;
}

/** Rejects with a ConnectionFailure: where nothing is known, or nobody may connect. */
export async function getDeployment(
  request: DeploymentRequest,
  platform: Platform,
  signal: AbortSignal,
): Promise<KnownDeployment> {
  const { cdn, deploymentId, hostname } = request;
  const folder = `${cdn}/webdeployments/v1/deployments/${encodeURIComponent(deploymentId)}`;
  const now = platform.clock.now();
  const known = fromKept(request.kept, now);
  const toKnown = (json: unknown): KnownDeployment => ({ at: now, deployment: toDeployment(json) });
  const attempt = new AbortController();
  const giveUp = () => attempt.abort();
  const cancel = known ? platform.clock.after(PATIENCE_MS, giveUp) : () => {};
  signal.addEventListener("abort", giveUp, { signal: attempt.signal });
  const [found, domains] = await Promise.all([
    fetchJson(platform, `${folder}/config.json`, attempt.signal).then(toKnown).catch(orElse(known)),
    // Who refuses is the server; this only tells the site owner why.
    hostname === undefined ? null : fetchJson(platform, `${folder}/domains.json`, attempt.signal).catch(() => null),
  ]).finally(() => {
    cancel();
    // Nobody listens to the other signal any more: it may live long.
    giveUp();
  });
  const { status, conversations } = found.deployment;
  const refusal =
    domains && !isDomainAllowed(domains, hostname ?? "")
      ? toFinal("CHAT_NOT_ALLOWED", `${hostname} is not among the deployment's allowed domains`)
      : status !== "Active" || !conversations
        ? toFinal(
            "CHAT_CONFIGURATION",
            `deployment ${deploymentId}: ${conversations ? status : "conversations are off"}`,
          )
        : null;
  if (refusal) throw refusal;
  return found;
}

/** For `kept` of a later request. */
export const toKept = (known: KnownDeployment): string => JSON.stringify(known);

const isKept = hasShape({
  at: isNumber,
  deployment: (value) => isPlain(value) && isText(value.status),
});

function fromKept(kept: string | undefined, now: number): KnownDeployment | null {
  try {
    const value: unknown = JSON.parse(kept ?? "");
    if (!isKept(value)) return null;
    const known = value as KnownDeployment;
    return now - known.at < LAST_KNOWN_MS ? known : null;
  } catch {
    return null;
  }
}

/** A refusal is final whatever was known before; the network, or the server's moment, is not. */
const orElse = (known: KnownDeployment | null) => (error: unknown) => {
  if (known && !(error instanceof ConnectionFailure && error.circumstances.decision)) return known;
  throw error;
};

const toFinal = (code: "CHAT_NOT_ALLOWED" | "CHAT_CONFIGURATION", detail: string): ConnectionFailure =>
  new ConnectionFailure(code, detail, { decision: { do: "stop" } });

function toDeployment(json: unknown): Deployment {
  const deployment = readDeployment(json);
  // A captive portal answers with a page of its own: the network is at fault.
  if (!deployment) throw new ConnectionFailure("CHAT_DEPLOYMENT_UNREACHABLE", "config.json is none", {});
  return deployment;
}

async function fetchJson(platform: Platform, url: string, signal: AbortSignal): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await platform.fetch(url, { credentials: "omit", redirect: "error", signal });
    text = await response.text();
  } catch {
    throw new ConnectionFailure("CHAT_DEPLOYMENT_UNREACHABLE", url, {});
  }
  const { ok, status, headers } = response;
  if (!ok) {
    const retryAfter = toRetryAfter(headers.get("Retry-After"), platform.clock.now());
    if (status === 429 || status === 408 || status >= 500) {
      throw new ConnectionFailure("CHAT_UNAVAILABLE", `${status} ${url}`, { status, retryAfter });
    }
    throw new ConnectionFailure("CHAT_CONFIGURATION", `${status} ${url}`, { status, decision: { do: "stop" } });
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
