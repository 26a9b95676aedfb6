/** ID tokens that must not be believed, and where the keys that decide it come from. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exportJWK, generateKeyPair, UnsecuredJWT } from "jose";
import type { BrokerOptions } from "../../src/broker/broker.ts";
import { CLIENT, NONCE, type Provider, pairOf } from "../support/provider.ts";
import { createProviderBench, ISSUER, JWKS, METADATA } from "./provider-bench.ts";
import { assertProblem, createBench, isLogged } from "./support.ts";

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

type Bench = Awaited<ReturnType<typeof createProviderBench>>;

const sync = async (bench: Bench, idToken: string, nonce = NONCE): Promise<Response> => {
  const { ticket } = await bench.start();
  return bench.sync(ticket, { idToken, nonce });
};

/** Refused for `claim`, and nothing has reached Genesys: neither the token nor a profile. */
async function assertRefused(bench: Bench, idToken: string, claim: string): Promise<void> {
  const { detail } = await assertProblem(await sync(bench, idToken), "id_token_invalid", 400);
  assert.equal(detail, `Not accepted: ${claim}.`);
  assert(isLogged(bench, "id_token_invalid", { claim }));
  assert.equal(bench.genesys.updateCalls.length, 0);
  assert.equal(bench.genesys.tokenCalls.length, 1);
}

describe("an ID token is refused when", () => {
  const claims: [name: string, change: (now: number) => Record<string, unknown>, claim: string][] = [
    ["another issuer gave it", () => ({ iss: "https://evil.example" }), "iss"],
    ["the issuer has a slash more", () => ({ iss: `${ISSUER}/` }), "iss"],
    ["no issuer gave it", () => ({ iss: undefined }), "iss"],
    ["it is for another client", () => ({ aud: "another" }), "aud"],
    ["it is for nobody", () => ({ aud: undefined }), "aud"],
    ["it is for several and names no party", () => ({ aud: [CLIENT, "another"] }), "azp"],
    ["it is for several, another one's first", () => ({ aud: [CLIENT, "another"], azp: "another" }), "azp"],
    ["it names another party", () => ({ azp: "another" }), "azp"],
    ["its nonce is another sign-in's", () => ({ nonce: "another" }), "nonce"],
    ["it has no nonce", () => ({ nonce: undefined }), "nonce"],
    ["its nonce is no text", () => ({ nonce: [NONCE] }), "nonce"],
    ["it has no subject", () => ({ sub: undefined }), "sub"],
    ["it is over since a minute", (now) => ({ exp: now - 60 }), "exp"],
    ["it never ends", () => ({ exp: undefined }), "exp"],
    ["its end is no number", () => ({ exp: "tomorrow" }), "exp"],
    ["it is of more than a minute from now", (now) => ({ iat: now + 62 }), "iat"],
    ["it is older than ten minutes, though not over", (now) => ({ iat: now - 662, exp: now + 3_600 }), "iat"],
    ["it does not say how old it is", () => ({ iat: undefined }), "iat"],
    ["it is not good yet", (now) => ({ nbf: now + 62 }), "nbf"],
  ];
  for (const [name, change, claim] of claims) {
    test(name, async () => {
      const bench = await createProviderBench();
      await assertRefused(bench, await bench.provider.sign(change(Math.floor(bench.clock.now() / 1000))), claim);
    });
  }

  const forgeries: [name: string, forge: (provider: Provider) => Promise<string>, claim?: string][] = [
    ["it is unsigned", async () => new UnsecuredJWT({ iss: ISSUER, aud: CLIENT, nonce: NONCE }).encode()],
    ["its signature was taken off", async ({ sign }) => `${encode({ alg: "none" })}.${(await sign()).split(".")[1]}.`],
    [
      "it is signed with the public key as a shared secret",
      async ({ sign, keys }) =>
        sign({}, { header: { alg: "HS256" }, key: new TextEncoder().encode(JSON.stringify(keys[0])) }),
    ],
    [
      "it is signed with the client's id as a shared secret",
      async ({ sign }) => sign({}, { header: { alg: "HS256", kid: undefined }, key: new TextEncoder().encode(CLIENT) }),
    ],
    [
      "somebody else signed it, though it names the key",
      async ({ sign }) => sign({}, { key: (await generateKeyPair("RS256")).privateKey }),
    ],
    ["its key is nowhere", async ({ sign }) => sign({}, { header: { kid: "../../RS256" } })],
    [
      "its algorithm is not listed",
      async ({ sign }) => {
        const { privateKey } = await generateKeyPair("RS512");
        return sign({}, { header: { alg: "RS512" }, key: privateKey });
      },
    ],
    [
      "its claims were changed",
      async ({ sign }) => {
        const [head, payload = "", signature] = (await sign()).split(".");
        const changed = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
        return `${head}.${encode({ ...changed, sub: "eve" })}.${signature}`;
      },
    ],
    [
      "it asks for an extension that we do not know",
      async ({ sign }) => {
        const [, payload, signature] = (await sign()).split(".");
        return `${encode({ alg: "RS256", kid: "RS256", crit: ["x"], x: 1 })}.${payload}.${signature}`;
      },
    ],
    ["it is an access token", async ({ sign }) => sign({}, { header: { typ: "at+jwt" } }), "typ"],
    ["it is a logout token", async ({ sign }) => sign({}, { header: { typ: "logout+jwt" } }), "typ"],
    ["it is encrypted", async () => `${encode({ alg: "dir", enc: "A256GCM", zip: "DEF" })}..a.b.c`],
    ["it is no token", async () => "nonsense"],
  ];
  for (const [name, forge, claim = "signature"] of forgeries) {
    test(name, async () => {
      const bench = await createProviderBench();
      await assertRefused(bench, await forge(bench.provider), claim);
    });
  }

  test("it brings its own key, or says where one is: nobody looks there", async () => {
    const { privateKey, jwk } = await pairOf("ES256");
    const embedded = [
      { jwk: { ...jwk, kid: undefined } },
      { jku: "https://evil.example/jwks" },
      { x5u: "https://evil.example/cert" },
    ];
    for (const more of embedded) {
      const bench = await createProviderBench();
      const header = { alg: "ES256", kid: "ES256", ...more };
      await assertRefused(bench, await bench.provider.sign({}, { header, key: privateKey }), "signature");
      assert.deepEqual([...new Set(bench.provider.asked)], [METADATA, JWKS]);
    }
  });

  test("two of the provider's keys have its key's name", async () => {
    const bench = await createProviderBench();
    const other = await generateKeyPair("RS256", { extractable: true });
    bench.provider.keys.unshift({ ...(await exportJWK(other.publicKey)), kid: "RS256" });
    await assertRefused(bench, await bench.provider.sign(), "signature");
  });

  test("its key is the provider's, for another algorithm or for encrypting", async () => {
    const { jwk } = await pairOf("RS256");
    for (const change of [{ alg: "PS256" }, { use: "enc" }, { key_ops: ["encrypt"] }]) {
      const bench = await createProviderBench();
      bench.provider.keys.splice(0, 1, { ...jwk, ...change });
      await assertRefused(bench, await bench.provider.sign(), "signature");
    }
  });
});

describe("an ID token is accepted", () => {
  for (const alg of ["RS256", "PS256", "ES256", "EdDSA"]) {
    test(`signed with ${alg}`, async () => {
      const { privateKey, jwk } = await pairOf(alg);
      const bench = await createProviderBench();
      bench.provider.keys.push(jwk.kid === "RS256" ? { ...jwk, kid: "another" } : jwk);
      const idToken = await bench.provider.sign({}, { header: { alg, kid: alg }, key: privateKey });
      assert.equal((await sync(bench, idToken)).status, 200);
    });
  }

  const good: [name: string, change: (now: number) => Record<string, unknown>][] = [
    ["for several, when it names us", () => ({ aud: ["another", CLIENT], azp: CLIENT })],
    ["with clocks that are a minute apart", (now) => ({ iat: now + 60, exp: now + 61 })],
    ["that ended less than a minute ago", (now) => ({ iat: now - 300, exp: now - 59 })],
  ];
  for (const [name, change] of good) {
    test(name, async () => {
      const bench = await createProviderBench();
      const idToken = await bench.provider.sign(change(Math.floor(bench.clock.now() / 1000)));
      assert.equal((await sync(bench, idToken)).status, 200);
    });
  }
});

describe("the provider's keys", () => {
  test("are looked for once, and again when a new one signs", async () => {
    const bench = await createProviderBench();
    for (let times = 0; times < 3; times++) {
      assert.equal((await sync(bench, await bench.provider.sign())).status, 200);
    }
    assert.deepEqual(bench.provider.asked, [METADATA, JWKS]);
  });

  test("may be given by address, and then nothing is discovered", async () => {
    const oidc = { issuer: ISSUER, clientId: CLIENT, jwksUri: JWKS };
    const bench = await createProviderBench({ oidc });
    assert.equal((await sync(bench, await bench.provider.sign())).status, 200);
    assert.deepEqual(bench.provider.asked, [JWKS]);
  });

  const elsewhere = (): Response => new Response(null, { status: 302, headers: { Location: "https://evil.example/" } });
  const endless = (): Response => {
    let sent = 0;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      sent += 65_536;
      assert(sent <= 1_048_576, "more was read than any key set has");
      controller.enqueue(new Uint8Array(65_536).fill(32));
    };
    return new Response(new ReadableStream({ pull }), { headers: { "Content-Type": "application/json" } });
  };
  const failures: [name: string, serve: () => Response][] = [
    ["5xx", () => new Response("down", { status: 503 })],
    ["a redirect", elsewhere],
    ["no JSON", () => new Response("<html>")],
    ["an endless body", endless],
    [
      "a cut line",
      () => {
        throw new TypeError("canary-person", { cause: { code: "ECONNRESET" } });
      },
    ],
  ];
  for (const url of [METADATA, JWKS]) {
    for (const [name, serve] of failures) {
      test(`out of reach (${name} from ${url}) are 502, and looked for again at the next sign-in`, async () => {
        const bench = await createProviderBench();
        const usual = bench.provider.served.get(url) ?? serve;
        bench.provider.served.set(url, serve);
        const answer = await sync(bench, await bench.provider.sign());
        assert.equal((await assertProblem(answer, "provider_unavailable", 502)).retryAfter, 5);
        assert(bench.log.some(({ event }) => event === "provider_unavailable"));
        bench.provider.served.set(url, usual);
        assert.equal((await sync(bench, await bench.provider.sign())).status, 200);
      });
    }
  }

  const metadata: [name: string, change: Record<string, unknown>, claim: string][] = [
    ["another issuer's", { issuer: "https://login.example" }, "issuer"],
    ["one with a slash more", { issuer: `${ISSUER}/` }, "issuer"],
    ["one without keys", { jwks_uri: undefined }, "jwks_uri"],
    ["one whose keys come in the clear", { jwks_uri: "http://keys.example/jwks" }, "jwks_uri"],
    ["one whose keys are on this machine", { jwks_uri: "http://127.0.0.1/jwks" }, "jwks_uri"],
    ["one whose keys are no address", { jwks_uri: "file:///etc/passwd" }, "jwks_uri"],
  ];
  for (const [name, change, claim] of metadata) {
    test(`are not taken from a discovery document that is ${name}`, async () => {
      const bench = await createProviderBench();
      const document = { issuer: ISSUER, jwks_uri: JWKS, ...change };
      bench.provider.served.set(METADATA, () => Response.json(document));
      await assertProblem(await sync(bench, await bench.provider.sign()), "provider_unavailable", 502);
      assert(isLogged(bench, "provider_invalid", { claim }));
      assert.deepEqual(bench.provider.asked, [METADATA]);
    });
  }

  test("a provider in the clear, or none at all, is refused when the broker is made", () => {
    const wrong: [oidc: BrokerOptions["oidc"], said: RegExp][] = [
      [{ issuer: "http://login.example", clientId: "c" }, /oidc\.issuer: expected https/],
      [{ issuer: "https://login.example?x=1", clientId: "c" }, /oidc\.issuer: expected no query/],
      [{ issuer: "https://canary@login.example", clientId: "c" }, /oidc\.issuer: expected/],
      [{ issuer: "", clientId: "c" }, /oidc\.issuer: is missing/],
      [{ issuer: ISSUER, clientId: "" }, /oidc\.clientId: is missing/],
      [{ issuer: ISSUER, clientId: "c", jwksUri: "http://keys.example/" }, /oidc\.jwksUri: expected https/],
    ];
    for (const [oidc, said] of wrong) {
      assert.throws(
        () => createBench({ oidc }),
        (error: Error) => error instanceof TypeError && said.test(error.message) && !/canary/.test(error.message),
      );
    }
    for (const issuer of [
      "http://localhost:9000",
      "http://127.0.0.1:9000/",
      "http://login.localhost",
      "http://[::1]:1",
    ]) {
      createBench({ oidc: { issuer, clientId: "c" } });
    }
    assert.throws(() => createBench({ oidc: { issuer: "http://127.0.0.1.evil.example", clientId: "c" } }), /issuer/);
  });
});
