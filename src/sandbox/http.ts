/** What the sandbox's HTTP routes share: JSON bodies read and checked, errors in Genesys's shape. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as v from "valibot";

/** `{status, code, message}`, as Genesys answers; `retryAfter` in seconds goes into the header. */
export function answerError(
  c: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  retryAfter?: number,
): Response {
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  return c.json({ status, code, message }, status);
}

/** A valibot check for objects that keeps them as they are. */
export const plainObject = v.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "Expected an object",
);

export const someText = v.pipe(v.string(), v.nonEmpty("Expected some text"));

/** Reads a JSON body by its schema; what is wrong with it is named, and has become the response to give. */
export async function readBody<S extends v.GenericSchema>(
  c: Context,
  schema: S,
): Promise<{ body: v.InferOutput<S> } | { response: Response }> {
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? "")) {
    return { response: answerError(c, 415, "unsupported.media.type", "Expected Content-Type: application/json") };
  }
  const text = await c.req.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { response: answerError(c, 400, "bad.request", "The body is not JSON") };
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { body: result.output };
  const [issue] = result.issues;
  const reason = `${v.getDotPath(issue) ?? "body"}: ${issue.message}`;
  return { response: answerError(c, 400, "bad.request", reason) };
}
