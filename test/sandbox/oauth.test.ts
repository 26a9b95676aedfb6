/** The sandbox's token endpoint: what it gives, and what it refuses by which error. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { BASE, createBench, ROUTING } from "./support.ts";

const GOOD = { grant_type: "client_credentials", client_id: "sandbox", client_secret: "sandbox-secret" };

const ask = (form: Record<string, string> | string, headers: Record<string, string> = {}, options?: SandboxOptions) =>
  createBench(options).sandbox.fetch(
    new Request(`${BASE}/oauth/token`, { method: "POST", body: new URLSearchParams(form), headers }),
  );

const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` });

describe("the sandbox's /oauth/token", () => {
  test("gives a token for the scopes that were asked for", async () => {
    const response = await ask({ ...GOOD, scope: "guest:create guest:read" });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const { access_token, ...rest } = (await response.json()) as { access_token: string };
    assert.ok(access_token.length >= 32);
    assert.deepEqual(rest, { token_type: "bearer", expires_in: 86_400, scope: "guest:create guest:read" });
  });

  test("takes the client from a Basic header too, form-encoded as RFC 6749 wants it", async () => {
    const options = { clientId: "a:b", clientSecret: "100% secret" };
    const headers = basic("a%3Ab", "100%25+secret");
    const response = await ask({ grant_type: "client_credentials" }, headers, options);
    assert.equal(response.status, 200);
  });

  const refusals: [string, Record<string, string> | string, Record<string, string>, number, string][] = [
    ["a wrong secret", { ...GOOD, client_secret: "guess" }, {}, 401, "invalid_client"],
    ["a wrong Basic header", { grant_type: "client_credentials" }, basic("sandbox", "guess"), 401, "invalid_client"],
    [
      "a Basic header that is none",
      { grant_type: "client_credentials" },
      { authorization: "Basic §" },
      401,
      "invalid_client",
    ],
    ["no client", { grant_type: "client_credentials" }, {}, 401, "invalid_client"],
    ["two ways at once", GOOD, basic("sandbox", "sandbox-secret"), 400, "invalid_request"],
    ["no grant type", { client_id: "sandbox", client_secret: "sandbox-secret" }, {}, 400, "invalid_request"],
    ["another grant type", { ...GOOD, grant_type: "password" }, {}, 400, "unsupported_grant_type"],
    ["a scope it does not have", { ...GOOD, scope: "guest:create admin" }, {}, 400, "invalid_scope"],
    ["a field given twice", `${new URLSearchParams(GOOD)}&scope=a&scope=b`, {}, 400, "invalid_request"],
    ["a body that is no form", GOOD, { "content-type": "application/json" }, 400, "invalid_request"],
  ];
  for (const [what, form, headers, status, error] of refusals) {
    test(`refuses ${what} with ${error}`, async () => {
      const response = await ask(form, headers);
      assert.equal(response.status, status);
      const body = (await response.json()) as { error: string; error_description: string };
      assert.equal(body.error, error);
      assert.ok(body.error_description);
      assert.equal(response.headers.has("www-authenticate"), status === 401 && "authorization" in headers);
    });
  }

  test("answers 429 with Retry-After past its rate, and again after the minute", async () => {
    const { sandbox, clock } = createBench({ tokensPerMinute: 2 });
    const once = () =>
      sandbox.fetch(new Request(`${BASE}/oauth/token`, { method: "POST", body: new URLSearchParams(GOOD) }));
    await once();
    clock.move(10_000);
    await once();
    const refused = await once();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), "50");
    clock.move(50_000);
    assert.equal((await once()).status, 200);
  });

  test("counts the tokens that it has issued", async () => {
    const bench = createBench();
    await bench.token();
    await bench.token();
    const state = (await (await bench.call("GET", "/sandbox/state")).json()) as { totals: { tokensIssued: number } };
    assert.equal(state.totals.tokensIssued, 2);
  });

  test("an access token works until it expires, and no longer", async () => {
    const bench = createBench({ accessTokenSeconds: 60 });
    const headers = { authorization: `Bearer ${await bench.token()}` };
    const create = () => bench.call("POST", "/api/v2/guests", { name: "G", attributes: {}, routing: ROUTING }, headers);
    assert.equal((await create()).status, 201);
    bench.clock.move(60_000);
    const refused = await create();
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get("www-authenticate") ?? "", /invalid_token/);
  });
});
