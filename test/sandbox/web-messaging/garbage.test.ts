/** Whatever is sent to the REST of web messaging, the answer is the platform's: nothing fails, and nothing is let in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createSandbox } from "../../../src/sandbox/sandbox.ts";
import { readFixture } from "../../support/fixtures.ts";
import { BASE, createRestBench, DEPLOYMENT } from "./support.ts";

const ID = `/api/v2/webmessaging/deployments/${DEPLOYMENT}/pushdevices/made-up-device-token`;
const POSTS: [path: string, fixture: string][] = [
  ["/api/v2/webdeployments/token/oauthcodegrantjwtexchange", "oauthExchange.allFields.request"],
  ["/api/v2/webdeployments/token/refresh", "tokenRefresh.request"],
  [ID, "pushDevice.register.request"],
];

/** A body with one field gone, of another type, or of another text, however deep; or another body altogether. */
const changed = (body: object): fc.Arbitrary<unknown> => {
  const paths: string[][] = [];
  const walk = (value: unknown, path: string[]) => {
    if (path.length > 0) paths.push(path);
    if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
    }
  };
  walk(body, []);
  const put = ([name = "", ...rest]: string[], value: unknown, into: Record<string, unknown>): object => ({
    ...into,
    [name]: rest.length === 0 ? value : put(rest, value, into[name] as Record<string, unknown>),
  });
  const one = fc
    .tuple(fc.constantFrom(...paths), fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }))
    .map(([path, value]) => put(path, value, body as Record<string, unknown>));
  return fc.oneof({ weight: 4, arbitrary: one }, fc.jsonValue({ maxDepth: 3 }), fc.string());
};

for (const [path, fixture] of POSTS) {
  test(`${fixture} with something wrong in it is answered, and never with a failure of ours`, async () => {
    const { call } = createRestBench({ auth: { enabled: true, provider: { issuer: BASE, clientId: "c" } } });
    const given = changed(readFixture(`rest/${fixture}`));
    await fc.assert(
      fc.asyncProperty(given, async (body) => {
        const response = await call("POST", path, typeof body === "string" ? body : JSON.stringify(body));
        // 503: the provider of these tests is never there.
        assert.ok([204, 400, 401, 404, 409, 503].includes(response.status), `${response.status}`);
        if (response.status !== 204)
          assert.equal(((await response.json()) as { status: number }).status, response.status);
      }),
      { numRuns: 150 },
    );
  });
}

test("any address and any token below them is answered, too", async () => {
  const sandbox = createSandbox({ bot: false });
  const prefixes = [
    "/webdeployments/v1/deployments/",
    "/uploads/",
    "/api/v2/downloads/",
    "/api/v2/webmessaging/messages?pageNumber=",
    "/api/v2/webdeployments/token/revoke?",
  ];
  const path = fc.tuple(fc.constantFrom(...prefixes), fc.webSegment(), fc.webSegment());
  const header = fc.stringMatching(/^[ -~]{0,40}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"),
      path,
      header,
      header,
      async (method, parts, authorization, origin) => {
        const headers = { authorization: `Bearer ${authorization}`, origin };
        const { status } = await sandbox.fetch(new Request(BASE + parts.join("/"), { method, headers }));
        assert.ok(status < 500, `${status}`);
        assert.ok(status >= 300 || method === "OPTIONS", `${status}`);
      },
    ),
    { numRuns: 200 },
  );
});

test("any name, type and size of a file is taken or refused with a code", () => {
  const { uploads, deployment } = createRestBench({ fileUpload: { allowedMedia: { fileTypes: ["*/*"] } } });
  const asker = { owner: "g", deployment, origin: BASE };
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ maxLength: 2000 }));
  fc.assert(
    fc.property(
      text,
      fc.constantFrom(".png", ".exe", "", "."),
      text,
      fc.double(),
      text,
      (name, end, type, fileSize, id) => {
        for (const fileType of [type, "image/png"]) {
          const claim = { fileName: name + end, fileType, fileSize, attachmentId: id };
          const outcome = uploads.presign(asker, claim);
          if (outcome.ok) assert.ok(URL.canParse(outcome.body.url) && new Headers(outcome.body.headers));
          else assert.ok(outcome.fault.errorCode >= 4000 && outcome.fault.errorMessage);
        }
      },
    ),
    { numRuns: 500 },
  );
});
