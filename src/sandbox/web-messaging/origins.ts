/** Which pages a deployment serves, and the CORS headers that follow from it (section 1.5 of the protocol). */
import type { Context, MiddlewareHandler } from "hono";
import type { Deployment } from "./deployment.ts";
import { Refused } from "./platform-error.ts";

const HEADERS = "Authorization, Content-Type, X-Journey-Session-Id, X-Journey-Session-Type";

/**
 * By host name alone; scheme and port never matter. Who sends no Origin is no page. The platform's own name, without a
 * scheme, is what its mobile clients send: `ownHost` is the sandbox's.
 */
export function isOriginAllowed(
  { allowedDomains }: Pick<Deployment, "allowedDomains">,
  origin: string | undefined,
  ownHost: string,
): boolean {
  if (origin === undefined || allowedDomains === undefined) return true;
  if (!URL.canParse(origin)) return origin === ownHost;
  const host = new URL(origin).hostname.toLowerCase();
  return allowedDomains.some((domain) => {
    const entry = domain.toLowerCase();
    return host === entry || host.endsWith(`.${entry}`);
  });
}

const isAllowed = (deployment: Deployment, c: Context): boolean =>
  isOriginAllowed(deployment, c.req.header("origin"), new URL(c.req.url).hostname);

/** A call names its deployment in its body or its token, which a preflight does not have: any deployment's pages pass it. */
export const allowPages =
  (deployments: readonly Deployment[], methods: string): MiddlewareHandler =>
  async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined) {
      if (!deployments.some((each) => isAllowed(each, c))) {
        throw new Refused(403, "not.allowed", "No deployment is used by pages of this origin");
      }
      c.header("Access-Control-Allow-Origin", origin);
      c.header("Vary", "Origin");
    }
    if (c.req.method !== "OPTIONS") return next();
    c.header("Access-Control-Allow-Methods", methods);
    c.header("Access-Control-Allow-Headers", HEADERS);
    c.header("Access-Control-Max-Age", "600");
    return c.body(null, 204);
  };

/** Once the deployment is known. */
export function checkPage(deployment: Deployment, c: Context): void {
  if (!isAllowed(deployment, c))
    throw new Refused(403, "not.allowed", "The deployment is not used by pages of this origin");
}
