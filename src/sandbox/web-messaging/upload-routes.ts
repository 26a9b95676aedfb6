/** Where files come up and go down: a presigned PUT as an object store takes it, and signed downloads. */
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { answerRefused, Refused } from "./platform-error.ts";
import type { Uploads } from "./uploads.ts";

/** Headers of one's own making are part of what is signed. */
const isSigned = (name: string): boolean => name.startsWith("x-amz-") || name === "authorization";

/** Reads all, and keeps at most what is wanted: who uploads too much is told so afterwards, as the platform does. */
async function read(
  body: ReadableStream<Uint8Array> | null,
  most: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; size: number }> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    if (size <= most) chunks.push(new Uint8Array(chunk));
    size += chunk.length;
  }
  return { bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()), size };
}

const escapeXml = (text: string): string => text.replace(/[<>&]/g, (char) => `&#${char.charCodeAt(0)};`);

export function createUploadRoutes(uploads: Uploads, randomId: () => string): Hono {
  const routes = new Hono();
  routes.onError(answerRefused(randomId));

  // The address is the secret: whoever has it may use it, from any page.
  routes.use("/uploads/*", async (c, next) => {
    c.header("Access-Control-Allow-Origin", "*");
    if (c.req.method !== "OPTIONS") return next();
    c.header("Access-Control-Allow-Methods", "PUT");
    c.header("Access-Control-Allow-Headers", c.req.header("access-control-request-headers") ?? "*");
    c.header("Access-Control-Max-Age", "600");
    return c.body(null, 204);
  });

  routes.all("/uploads/:key/:name", async (c) => {
    const refuse = (status: ContentfulStatusCode, code: string, message: string) => {
      c.header("Content-Type", "application/xml");
      const requestId = randomId();
      return c.body(
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>${requestId}</RequestId></Error>`,
        status,
      );
    };
    if (c.req.method !== "PUT") return refuse(405, "MethodNotAllowed", "Only PUT is signed for");
    const target = uploads.target(c.req.param("key"));
    if (!target) return refuse(403, "AccessDenied", "Request has expired");
    const given = c.req.raw.headers;
    const names = new Set([...Object.keys(target.headers), ...[...given.keys()].filter(isSigned)]);
    const wrong = [...names].find((name) => given.get(name) !== (target.headers[name] ?? null));
    if (wrong !== undefined) {
      return refuse(403, "SignatureDoesNotMatch", `The header ${wrong} is not as it was signed`);
    }
    const { bytes, size } = await read(c.req.raw.body, target.mostBytes);
    await target.take(bytes, size);
    return c.body(null, 200);
  });

  routes.get("/api/v2/downloads/:link", (c) => {
    c.header("Access-Control-Allow-Origin", "*");
    const file = uploads.follow(c.req.param("link"));
    if (!file?.bytes) throw new Refused(404, "not.found", "The link has expired, or there was none");
    c.header("Content-Type", file.fileType);
    // What a guest has sent must never run as a page of this origin.
    c.header("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`);
    c.header("Content-Security-Policy", "default-src 'none'; sandbox");
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Cross-Origin-Resource-Policy", "cross-origin");
    c.header("Cache-Control", "private, no-store");
    return c.body(file.bytes, 200);
  });

  return routes;
}
