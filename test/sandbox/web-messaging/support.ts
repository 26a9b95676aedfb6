/** The REST of web messaging under test, in process: a clock that is moved by hand, and a guest's history that is given. */
import type { DeploymentOptions } from "../../../src/sandbox/web-messaging/deployment.ts";
import type { Told } from "../../../src/sandbox/web-messaging/history.ts";
import { createRest } from "../../../src/sandbox/web-messaging/rest.ts";
import { createHandClock } from "../support.ts";

export const BASE = "http://sandbox.test";
/** The deployment that the fixtures name. */
export const DEPLOYMENT = "9d8b7c6a-1122-4c33-8d44-556677889900";
export const PAGE = "https://shop.example";
export const UPLOAD_MS = 50;

/** What the platform answers in place of what was asked for. */
export interface PlatformError {
  message: string;
  code: string;
  status: number;
  contextId: string;
  details: unknown[];
}

export type Bench = ReturnType<typeof createRestBench>;

/** `now`: of the clock, in ms since the epoch. */
export function createRestBench(
  deployment: Partial<DeploymentOptions> = {},
  {
    told = [],
    now,
    fetch,
  }: { told?: readonly Told[]; now?: number; fetch?: (request: Request) => Promise<Response> } = {},
) {
  const clock = createHandClock(now);
  const randomId = () => crypto.randomUUID();
  const deployments = [{ id: DEPLOYMENT, ...deployment }];
  const noFetch = () => Promise.reject(new TypeError("there is no network"));
  const options = { clock, randomId, deployments, fetch: fetch ?? noFetch, uploadDelayMs: UPLOAD_MS };
  const rest = createRest(options, (session) => (session === "session-1" ? told : undefined));
  return {
    ...rest,
    clock,
    deployment: rest.deployments.get(DEPLOYMENT),
    /** A JSON body, or none. */
    call: async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      rest.routes.fetch(
        new Request(new URL(path, BASE), {
          method,
          headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
          body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
        }),
      ),
  };
}
