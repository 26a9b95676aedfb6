/** The doorkeeper of `/v1`: which origins may call, and what CORS tells their browsers (profile, section 4). */
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Settled } from "./options.ts";
import { Refusal } from "./problem.ts";

const EMBEDDER = "X-Embedder-Origin";

type Allowed = Pick<Settled, "allowedOrigins" | "allowNoOrigin" | "log">;

/** Both refuse with `origin_not_allowed`. */
export interface Guard {
  /** Every call whose Origin is not on the list: before CORS, so that such a page is told nothing. */
  origin: MiddlewareHandler;
  /** Where a hub frame calls, and names a page around it that is not on the list: after CORS, so that the frame is told why. */
  embedder: MiddlewareHandler;
}

export function createGuard({ allowedOrigins, allowNoOrigin, log }: Allowed): Guard {
  const isListed =
    typeof allowedOrigins === "function" ? allowedOrigins : (origin: string) => allowedOrigins.includes(origin);
  const check = (origin: string | undefined, which: string): void => {
    if (origin === undefined) return;
    // "null" is what every sandboxed frame and local file says.
    if (origin !== "null" && isListed(origin)) return;
    log("warn", "origin_not_allowed", { origin: origin.slice(0, 200), reason: which });
    throw new Refusal("origin_not_allowed", `${which}: not one of the broker's allowed origins.`);
  };
  return {
    async origin(c, next) {
      const origin = c.req.header("Origin");
      if (origin === undefined && !allowNoOrigin) throw new Refusal("origin_not_allowed", "Origin: missing.");
      check(origin, "Origin");
      await next();
    },
    async embedder(c, next) {
      check(c.req.header(EMBEDDER), EMBEDDER);
      await next();
    },
  };
}

/**
 * What a ticket is bound to: the caller's origin; for a hub frame also that of the page around it. Both, since any listed
 * page could name another one in a header, but none can choose its Origin. "" for a caller without one.
 */
export const toBoundOrigin = (headers: Headers): string =>
  [headers.get("Origin"), headers.get(EMBEDDER)].filter(Boolean).join(" ");

/** CORS for origins that the guard has let in. Browsers read Date and Retry-After across origins only when exposed. */
export const createCors = (): MiddlewareHandler =>
  cors({
    origin: (origin) => origin || null,
    allowMethods: ["POST", "PUT", "DELETE"],
    allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", EMBEDDER],
    exposeHeaders: ["Date", "Retry-After"],
    maxAge: 600,
  });
