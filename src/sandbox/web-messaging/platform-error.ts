/** What the REST calls of web messaging share: errors in the platform's body (section 1.3 of the protocol), JSON bodies read. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as v from "valibot";

/** Thrown by a route; becomes the answer. */
export class Refused extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  /** Seconds; goes into the header. */
  readonly retryAfter: number | undefined;

  constructor(status: ContentfulStatusCode, code: string, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** For `onError` of a Hono: what was not foreseen goes on to the sandbox. */
export const answerRefused =
  (randomId: () => string) =>
  (error: Error, c: Context): Response => {
    if (!(error instanceof Refused)) throw error;
    const { message, code, status, retryAfter } = error;
    if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
    c.header("Cache-Control", "no-store");
    return c.json({ message, code, status, contextId: randomId(), details: [] }, status);
  };

/** Whatever else a body has is left alone, as the platform does. */
export async function readJson<S extends v.GenericSchema>(
  c: Context,
  schema: S,
  missing: string,
): Promise<v.InferOutput<S>> {
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? "")) {
    throw new Refused(415, "unsupported.media.type", "Expected Content-Type: application/json");
  }
  const value: unknown = await c.req.json().catch(() => {
    throw new Refused(400, "bad.request", "The body is not JSON");
  });
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Refused(400, missing, `${v.getDotPath(issue) ?? "body"}: ${issue.message}`);
}

/** Of `Authorization`. */
export const readBearer = (c: Context): string | undefined =>
  /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
