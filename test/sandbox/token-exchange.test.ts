/** The sandbox's token exchange (RFC 8693): what a guest's ID token is changed for, and what is none. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SignJWT, UnsecuredJWT } from "jose";
import type { SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { BASE, createBench, ROUTING } from "./support.ts";

const TYPES = "urn:ietf:params:oauth:token-type:";
const CLAIMS = { iss: "https://login.example", sub: "7", aud: "chat", exp: Date.UTC(2026, 10, 22) / 1000 + 60 };

const sign = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode("any"));

const exchange = async (form: Record<string, string | undefined> = {}, options?: SandboxOptions) => {
  const bench = createBench(options);
  const whole = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    client_id: "sandbox",
    client_secret: "sandbox-secret",
    subject_token: await sign(CLAIMS),
    subject_token_type: `${TYPES}id_token`,
    scope: "guest:read user:read",
    ...form,
  };
  const body = new URLSearchParams(Object.entries(whole).filter((pair): pair is [string, string] => !!pair[1]));
  return { bench, response: await bench.sandbox.fetch(new Request(`${BASE}/oauth/token`, { method: "POST", body })) };
};

describe("the sandbox's token exchange", () => {
  test("gives a token that may change a guest's attributes and make no guest", async () => {
    const { bench, response } = await exchange();
    assert.equal(response.status, 200);
    const { access_token, ...rest } = (await response.json()) as { access_token: string };
    assert.deepEqual(rest, {
      token_type: "bearer",
      expires_in: 86_400,
      scope: "guest:read user:read",
      issued_token_type: `${TYPES}access_token`,
    });
    const guest = await bench.guest();
    const headers = { authorization: `Bearer ${access_token}` };
    const update = await bench.call("PUT", `/api/v2/guests/${guest.id}`, { attributes: { a: "1" } }, headers);
    assert.equal(update.status, 200);
    const body = { name: "G", attributes: {}, routing: ROUTING };
    assert.equal((await bench.call("POST", "/api/v2/guests", body, headers)).status, 403);
  });

  test("without a scope gives the two that there are, and none that the client lacks", async () => {
    const scopeOf = async (options?: SandboxOptions) =>
      ((await (await exchange({ scope: undefined }, options)).response.json()) as { scope: string }).scope;
    assert.equal(await scopeOf(), "guest:read user:read");
    assert.equal(await scopeOf({ scopes: ["guest:create", "guest:read"] }), "guest:read");
  });

  const refusals: [name: string, form: Record<string, string | undefined>, status: number, error: string][] = [
    ["a wrong client", { client_secret: "guess" }, 401, "invalid_client"],
    ["no token", { subject_token: undefined }, 400, "invalid_request"],
    ["no type", { subject_token_type: undefined }, 400, "invalid_request"],
    ["another type", { subject_token_type: `${TYPES}access_token` }, 400, "invalid_request"],
    ["another wish", { requested_token_type: `${TYPES}refresh_token` }, 400, "invalid_request"],
    ["an actor", { actor_token: "a.b.c" }, 400, "invalid_request"],
    ["a token that is none", { subject_token: "nonsense" }, 400, "invalid_request"],
    ["a scope that only the application has", { scope: "guest:create" }, 400, "invalid_scope"],
  ];
  for (const [name, form, status, error] of refusals) {
    test(`refuses ${name} with ${error}`, async () => {
      const { response } = await exchange(form);
      assert.equal(response.status, status);
      assert.equal(((await response.json()) as { error: string }).error, error);
    });
  }

  test("refuses an ID token that is over, or does not say by whom, of whom and for whom it is", async () => {
    const wrong = [{ exp: CLAIMS.exp - 60 }, { exp: undefined }, { iss: undefined }, { sub: undefined }, { aud: "" }];
    for (const change of wrong) {
      const { response } = await exchange({ subject_token: await sign({ ...CLAIMS, ...change }) });
      assert.equal(response.status, 400, JSON.stringify(change));
    }
  });

  test("verifies no signature: it knows no provider", async () => {
    const { response } = await exchange({ subject_token: new UnsecuredJWT(CLAIMS).encode() });
    assert.equal(response.status, 200);
  });
});
