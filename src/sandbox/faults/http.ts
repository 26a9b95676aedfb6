/** Fault rules over HTTP: calls of the sandbox's Genesys side are delayed or answered in its place. */
import type { MiddlewareHandler } from "hono";
import type { SandboxClock } from "../options.ts";
import type { Faults, Fired } from "./faults.ts";

/** Readable for the page that has asked, or its browser would tell it of no status at all. */
function toResponse({ status, headers, body }: Fired, origin: string | undefined): Response {
  const isText = typeof body === "string" || body === undefined;
  return new Response(isText ? (body ?? null) : JSON.stringify(body), {
    status,
    headers: {
      ...(!isText && { "Content-Type": "application/json" }),
      ...(origin !== undefined && { "Access-Control-Allow-Origin": origin, Vary: "Origin" }),
      ...headers,
    },
  });
}

/** `told`: called with the rule's name when one has fired. */
export function createHttpFaults(
  faults: Faults,
  clock: SandboxClock,
  told: (request: Request, fault: string) => void,
): MiddlewareHandler {
  return async (c, next) => {
    const { method, path } = c.req;
    // A preflight is the browser's, not the call's that a rule counts.
    if (method === "OPTIONS") return next();
    const wait = (ms = 0) => (ms > 0 ? new Promise<void>((resolve) => clock.after(ms, resolve)) : undefined);
    const act = async (fired: Fired | undefined): Promise<Response | undefined> => {
      if (!fired) return undefined;
      told(c.req.raw, fired.fault);
      await wait(fired.delayMs);
      return fired.status === undefined ? undefined : toResponse(fired, c.req.header("origin"));
    };
    const instead = await act(faults.meet({ kind: "http", direction: "in", method, path }));
    if (instead) return instead;
    await next();
    const other = await act(faults.meet({ kind: "http", direction: "out", method, path }));
    if (other) {
      // Hono merges the headers of the old answer into a new one, unless that is taken away first.
      c.res = undefined;
      c.res = other;
    }
    return undefined;
  };
}
