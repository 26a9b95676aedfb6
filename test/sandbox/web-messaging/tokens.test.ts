/** Tokens of signed-in guests: codes and ID tokens are exchanged when their provider stands for them, refreshed, and revoked. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateKeyPair } from "jose";
import { readFixture } from "../../support/fixtures.ts";
import { CLIENT, createProvider, EMAIL, NONCE, type Provider } from "../../support/provider.ts";
import { createRestBench, DEPLOYMENT, PAGE, type PlatformError } from "./support.ts";

const TOKEN = "/api/v2/webdeployments/token";
const ISSUER = "https://idp.example";
const NOW = Date.UTC(2026, 10, 22);

interface Granted {
  jwt: string;
  refreshToken?: string;
}

/** A provider that gives an ID token for the fixtures' code, to who has the verifier and the address it went to. */
async function createGivingProvider(): Promise<Provider> {
  const provider = await createProvider(ISSUER, { now: () => NOW });
  const { code, redirectUri, codeVerifier } = readFixture("rest/oauthExchange.code.request").oauth;
  const wanted = {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    client_id: CLIENT,
    code_verifier: codeVerifier,
  };
  provider.served.set(`${ISSUER}/.well-known/openid-configuration`, () =>
    Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}/jwks`, token_endpoint: `${ISSUER}/token` }),
  );
  provider.served.set(`${ISSUER}/token`, async (request) => {
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    const isRight = request.method === "POST" && JSON.stringify(form) === JSON.stringify(wanted);
    if (!isRight) return Response.json({ error: "invalid_grant" }, { status: 400 });
    const nonce = readFixture("rest/oauthExchange.allFields.request").oauth.nonce;
    const person = { given_name: "Ada", family_name: "Guest", nonce, auth_time: NOW / 1000 };
    return Response.json({ id_token: await provider.sign(person) });
  });
  return provider;
}

async function begin(auth: object = {}) {
  const provider = await createGivingProvider();
  const bench = createRestBench(
    { auth: { enabled: true, provider: { issuer: ISSUER, clientId: CLIENT }, ...auth } },
    { now: NOW, fetch: async (request) => provider.fetch(request) },
  );
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    bench.call("POST", `${TOKEN}/${path}`, body, { origin: PAGE, ...headers });
  const exchange = async (body: unknown): Promise<Granted> => {
    const response = await post("oauthcodegrantjwtexchange", body);
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as Granted;
  };
  const refused = async (body: unknown): Promise<PlatformError> => {
    const response = await post("oauthcodegrantjwtexchange", body);
    const error = (await response.json()) as PlatformError;
    assert.equal(error.status, response.status);
    return error;
  };
  const refresh = (refreshToken: unknown, more: object = {}) => post("refresh", { refreshToken, ...more });
  const revoke = (jwt: string, headers: Record<string, string> = {}) =>
    bench.call("DELETE", `${TOKEN}/revoke`, undefined, { authorization: `bearer ${jwt}`, origin: PAGE, ...headers });
  return { ...bench, provider, exchange, refused, refresh, revoke, post };
}

const CODE = readFixture("rest/oauthExchange.code.request");
const withOAuth = (more: object) => ({ ...CODE, oauth: { ...CODE.oauth, ...more } });
const withIdToken = (idToken: string, nonce = NONCE) => ({ deploymentId: DEPLOYMENT, oauth: { idToken, nonce } });

describe("an exchange", () => {
  for (const name of ["code", "allFields"]) {
    test(`of ${name}.request gives a JWT and a refresh token, after the provider was asked`, async () => {
      const { exchange, provider, tokens } = await begin();
      const granted = await exchange(readFixture(`rest/oauthExchange.${name}.request`));
      assert.deepEqual(Object.keys(granted).sort(), Object.keys(readFixture("rest/oauthExchange.response")).sort());
      assert.ok(provider.asked.includes(`${ISSUER}/token`));
      const verdict = await tokens.verify(granted.jwt);
      assert.ok(verdict.ok);
      const { key, ...guest } = verdict.guest;
      assert.ok(key);
      assert.deepEqual(guest, {
        issuer: ISSUER,
        subject: "canary-person-7",
        firstName: "Ada",
        lastName: "Guest",
        email: EMAIL,
        deploymentId: DEPLOYMENT,
      });
    });
  }

  test("of idToken.request gives a JWT alone", async () => {
    const { exchange, provider, tokens } = await begin();
    const body = readFixture("rest/oauthExchange.idToken.request");
    body.oauth.idToken = await provider.sign({ nonce: body.oauth.nonce });
    const granted = await exchange(body);
    assert.deepEqual(Object.keys(granted), Object.keys(readFixture("rest/oauthExchange.idToken.response")));
    assert.ok((await tokens.verify(granted.jwt)).ok);
    assert.ok(!provider.asked.includes(`${ISSUER}/token`));
  });

  test("is answered so that the page may read it, and nothing keeps it", async () => {
    const { post } = await begin();
    const { headers } = await post("oauthcodegrantjwtexchange", CODE);
    assert.equal(headers.get("access-control-allow-origin"), PAGE);
    assert.equal(headers.get("cache-control"), "no-store");
  });

  const wrong: [what: string, oauth: object][] = [
    ["another code", { code: "guess" }],
    ["another verifier", { codeVerifier: "guess" }],
    ["no verifier", { codeVerifier: undefined }],
    ["another address than the code went to", { redirectUri: "https://evil.example/" }],
    ["another sign-in's nonce", { nonce: "else" }],
    ["another provider's name", { iss: "https://evil.example" }],
  ];
  for (const [what, oauth] of wrong) {
    test(`with ${what} is refused with 401`, async () => {
      const { refused } = await begin();
      const { status, code } = await refused(withOAuth(oauth));
      assert.deepEqual([status, code], [401, "bad.credentials"]);
    });
  }

  test("of a guest who signed in longer ago than is wanted is refused", async () => {
    const { exchange, refused, clock } = await begin();
    clock.move(120_000);
    await exchange(withOAuth({ maxAge: 60 }));
    clock.move(1000);
    assert.match((await refused(withOAuth({ maxAge: 60 }))).message, /auth_time/);
  });

  const forged: [what: string, forge: (provider: Provider) => Promise<string>][] = [
    ["that is none", async () => "made.up.idtoken"],
    [
      "with somebody else's signature",
      async ({ sign }) => sign({}, { key: (await generateKeyPair("RS256")).privateKey }),
    ],
    ["for another client", ({ sign }) => sign({ aud: "else" })],
    ["of another provider", ({ sign }) => sign({ iss: "https://evil.example" })],
    ["that has run out", ({ sign }) => sign({ exp: NOW / 1000 - 61 })],
    ["of another sign-in", ({ sign }) => sign({ nonce: "else" })],
  ];
  for (const [what, forge] of forged) {
    test(`of an ID token ${what} is refused with 401`, async () => {
      const { refused, provider } = await begin();
      assert.equal((await refused(withIdToken(await forge(provider)))).status, 401);
    });
  }

  const missing: [what: string, body: unknown, status: number, code: string][] = [
    ["without a deployment", { oauth: CODE.oauth }, 400, "required.fields.missing"],
    ["without anything to exchange", { deploymentId: DEPLOYMENT, oauth: {} }, 400, "required.fields.missing"],
    [
      "of an ID token without its nonce",
      { deploymentId: DEPLOYMENT, oauth: { idToken: "a.b.c" } },
      400,
      "required.fields.missing",
    ],
    ["that is no JSON", "{", 400, "bad.request"],
    ["for a deployment that is not there", { ...CODE, deploymentId: "else" }, 404, "deployment.not.found"],
  ];
  for (const [what, body, status, code] of missing) {
    test(`${what} is refused with ${status} ${code}`, async () => {
      const { refused } = await begin();
      const error = await refused(body);
      assert.deepEqual([error.status, error.code], [status, code]);
    });
  }

  test("where guests do not sign in is refused with 403", async () => {
    const { refused } = await begin({ enabled: false });
    const { status, code } = await refused(CODE);
    assert.deepEqual([status, code], [403, "feature.toggle.disabled"]);
  });

  test("while the provider is away is refused with 503, and works once it is back", async () => {
    const { refused, exchange, provider } = await begin();
    const url = `${ISSUER}/.well-known/openid-configuration`;
    const discovery = provider.served.get(url);
    assert.ok(discovery);
    for (const away of [
      () => new Response(null, { status: 500 }),
      () => Response.json({ issuer: "https://else.example" }),
    ]) {
      provider.served.set(url, away);
      assert.equal((await refused(CODE)).status, 503);
    }
    provider.served.set(url, discovery);
    await exchange(CODE);
  });

  test("while the provider's keys are away is refused with 503: nothing is said about the token", async () => {
    const { refused, provider } = await begin();
    provider.served.set(`${ISSUER}/jwks`, () => new Response(null, { status: 500 }));
    assert.equal((await refused(withIdToken(await provider.sign()))).status, 503);
  });
});

describe("a JWT of a signed-in guest", () => {
  test("runs out after its time, and the refresh token gives the next one, over and over", async () => {
    const { exchange, refresh, tokens, clock } = await begin({ jwtSeconds: 300 });
    const first = await exchange(CODE);
    clock.move(299_000);
    assert.ok((await tokens.verify(first.jwt)).ok);
    clock.move(1000);
    assert.deepEqual(await tokens.verify(first.jwt), { ok: false, expired: true });
    for (let at = 0; at < 2; at++) {
      const response = await refresh(first.refreshToken);
      assert.equal(response.status, 200);
      const next = (await response.json()) as Granted;
      assert.deepEqual(Object.keys(next), Object.keys(readFixture("rest/tokenRefresh.response")));
      assert.ok((await tokens.verify(next.jwt)).ok);
    }
  });

  test("is refreshed for the right deployment only, also when that is named", async () => {
    const { exchange, refresh } = await begin();
    const { refreshToken } = await exchange(CODE);
    assert.equal((await refresh(refreshToken, { deploymentId: DEPLOYMENT })).status, 200);
    assert.equal((await refresh(refreshToken, { deploymentId: "else" })).status, 401);
  });

  test("is not refreshed by a token that is unknown, or too old", async () => {
    const { exchange, refresh, clock } = await begin({ refreshSeconds: 600 });
    assert.equal((await refresh(readFixture("rest/tokenRefresh.request").refreshToken)).status, 401);
    const { refreshToken } = await exchange(CODE);
    clock.move(600_000);
    assert.equal((await refresh(refreshToken)).status, 401);
  });

  test("that was made up, or is another sandbox's, is none", async () => {
    const { tokens } = await begin();
    const { jwt } = await (await begin()).exchange(CODE);
    for (const wrong of [jwt, "made.up.authjwt", ""]) {
      assert.deepEqual(await tokens.verify(wrong), { ok: false, expired: false });
    }
  });
});

describe("a log-out", () => {
  test("ends all that was given to this guest, on every device, and says so once", async () => {
    const { exchange, refresh, revoke, tokens } = await begin();
    const out: string[] = [];
    tokens.listen(({ subject }) => out.push(subject));
    const here = await exchange(CODE);
    const there = await exchange(CODE);
    const headers = { "x-journey-session-id": "j", "x-journey-session-type": "web" };
    assert.equal((await revoke(here.jwt, headers)).status, 204);
    assert.deepEqual(out, ["canary-person-7"]);
    for (const { jwt, refreshToken } of [here, there]) {
      assert.deepEqual(await tokens.verify(jwt), { ok: false, expired: false });
      assert.equal((await refresh(refreshToken)).status, 401);
    }
    assert.equal((await revoke(here.jwt)).status, 401, "and cannot be repeated");
  });

  test("of one guest leaves another's sign-in alone", async () => {
    const { exchange, revoke, tokens, provider } = await begin();
    const one = await exchange(withIdToken(await provider.sign({ sub: "one" })));
    const two = await exchange(withIdToken(await provider.sign({ sub: "two" })));
    await revoke(one.jwt);
    assert.ok((await tokens.verify(two.jwt)).ok);
  });

  test("with a JWT that has run out is refused, so that the client refreshes and asks again", async () => {
    const { exchange, refresh, revoke, clock } = await begin({ jwtSeconds: 60 });
    const { jwt, refreshToken } = await exchange(CODE);
    clock.move(60_000);
    assert.equal((await revoke(jwt)).status, 401);
    const next = (await (await refresh(refreshToken)).json()) as Granted;
    assert.equal((await revoke(next.jwt)).status, 204);
  });
});
