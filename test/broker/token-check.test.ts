/** Guests that cannot be used: answers without what is needed, tokens that fail their check. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { GUEST_SECRET } from "./fake-genesys.ts";
import { assertProblem, createBench, isLogged } from "./support.ts";

describe("a 201 that cannot be used", () => {
  const bodies: [claim: string, body: Record<string, unknown>][] = [
    ["id", { id: undefined }],
    ["id", { id: 7 }],
    ["guestToken", { guestToken: undefined }],
    ["guestToken", { guestToken: "" }],
    ["sessions.0", { sessions: [] }],
    ["sessions.0.id", { sessions: [{}] }],
    ["payload", { guestToken: "canary-person" }],
    ["payload", { guestToken: "a.b.c" }],
    ["sub", { id: "somebody-else" }],
  ];
  const claims: [claim: string, claims: Record<string, unknown>][] = [
    ["sub", { sub: undefined }],
    ["iat", { iat: undefined }],
    ["exp", { exp: undefined }],
    ["exp", { exp: 1_000 }],
    ["routing_hints", { routing_hints: undefined }],
    ["routing_hints", { routing_hints: {} }],
    ["attributes", { attributes: "none" }],
  ];
  const changes = [
    ...bodies.map(([claim, body]) => ({ claim, change: { body } })),
    ...claims.map(([claim, changed]) => ({ claim, change: { claims: changed } })),
  ];
  for (const { claim, change } of changes) {
    test(`is 502 with the claim in the log: ${claim} in ${JSON.stringify(change)}`, async () => {
      const bench = createBench();
      bench.genesys.nextGuest.push(() => bench.genesys.guest(change));
      await assertProblem(await bench.ask("/v1/sessions"), "upstream_invalid", 502);
      assert(isLogged(bench, "upstream_invalid", { claim }), JSON.stringify(bench.log));
      assert.equal(bench.genesys.guestCalls.length, 1);
    });
  }

  test("is 502 when it is no JSON", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(() => new Response("<html>", { status: 201 }));
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_invalid", 502);
  });
});

describe("signatures", () => {
  test("a shared secret is checked, and another one refused", async () => {
    await createBench({ guestToken: { secret: GUEST_SECRET } }).start();
    const bench = createBench({ guestToken: { secret: "another" } });
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_invalid", 502);
    assert(isLogged(bench, "upstream_invalid", { claim: "signature" }));
  });

  test("keys come from the configured JWKS, and HS256 with a public key is refused", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" };
    const probe = createBench();
    const asked: string[] = [];
    let serve = (): Response => Response.json({ keys: [jwk] });
    const bench = createBench({
      guestToken: { jwksUrl: "https://keys.example/jwks" },
      fetch: (request) => {
        if (!request.url.startsWith("https://keys.example/")) return probe.genesys.fetch(request);
        asked.push(request.url);
        return serve();
      },
    });
    const iat = Math.floor(bench.clock.now() / 1000);
    const payload = { sub: "g", iat, exp: iat + 60, routing_hints: { queue: "q" }, attributes: {} };
    const give = async (key: typeof privateKey | Uint8Array, alg: string) => {
      const guestToken = await new SignJWT(payload).setProtectedHeader({ alg, kid: "k1" }).sign(key);
      probe.genesys.nextGuest.push(() => probe.genesys.guest({ body: { id: "g", guestToken } }));
    };

    serve = () => new Response("down", { status: 500 });
    await give(privateKey, "ES256");
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_unavailable", 502);

    serve = () => Response.json({ keys: [jwk] });
    await give(privateKey, "ES256");
    await bench.start();
    await give(new TextEncoder().encode(JSON.stringify(jwk)), "HS256");
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_invalid", 502);
    await give((await generateKeyPair("ES256")).privateKey, "ES256");
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_invalid", 502);
    assert.equal(new Set(asked).size, 1);
  });
});
