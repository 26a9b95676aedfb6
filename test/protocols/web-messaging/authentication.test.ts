/** Genesys' token service as a browser meets it: what goes there, what is kept of the answers, and what the guest is told. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SignIn } from "../../../src/chat/profile.ts";
import { type Login, renew, signIn, signOut } from "../../../src/protocols/web-messaging/authentication.ts";
import { ConnectionFailure, type Credentials } from "../../../src/session/protocol.ts";
import { createFakePlatform } from "../../support/fake-platform.ts";

const CODE: SignIn = { code: "a-code", redirectUri: "https://shop.test/callback", codeVerifier: "v".repeat(43) };
const GUEST: Credentials = { url: "wss://x", secrets: { token: "guest-token", deployment: "{}" } };
const toJwt = (sub: string) => `h.${Buffer.from(JSON.stringify({ sub })).toString("base64url")}.s`;
const ADA = toJwt("ada");

function begin(answer: (path: string, attempt: number) => Response | Promise<Response>) {
  const platform = createFakePlatform();
  platform.answer = (url) => answer(url.replace(/.*\//, ""), platform.requests.length);
  const login: Login = { refusals: 0 };
  const saved: Credentials["secrets"][] = [];
  const call = {
    api: "https://api.test",
    deploymentId: "d-1",
    platform,
    signal: new AbortController().signal,
  };
  return {
    platform,
    login,
    call,
    saved,
    save: (secrets: Credentials["secrets"]) => void saved.push(secrets),
    signIn: (held = GUEST, stepUp = true, given = CODE) => signIn(given, held, call, login, stepUp),
    paths: () => platform.requests.map(({ method, url }) => `${method} ${url.replace("https://api.test", "")}`),
  };
}

const tokens = (jwt = ADA, refreshToken?: string) => Response.json({ jwt, refreshToken });
const BASE = "/api/v2/webdeployments/token";

async function failureOf(promise: Promise<unknown>): Promise<ConnectionFailure> {
  const error = await promise.then(
    () => assert.fail("it went well"),
    (reason) => reason,
  );
  assert.ok(error instanceof ConnectionFailure, String(error));
  return error;
}

describe("signing in", () => {
  test("a code is exchanged with its verifier, and nothing else goes along", async () => {
    const scene = begin(() => tokens(ADA, "refresh-1"));
    await scene.signIn(GUEST, true, { ...CODE, secret: "no" } as SignIn);
    assert.deepEqual(scene.paths(), [`POST ${BASE}/oauthcodegrantjwtexchange`]);
    assert.deepEqual(scene.platform.requests[0]?.body, { deploymentId: "d-1", oauth: CODE });
    assert.equal(scene.platform.requests[0]?.headers.Authorization, undefined);
  });

  test("an ID token is exchanged with its nonce", async () => {
    const scene = begin(() => tokens());
    await scene.signIn(GUEST, true, { idToken: "made.up.token", nonce: "n" });
    assert.deepEqual(scene.platform.requests[0]?.body.oauth, { idToken: "made.up.token", nonce: "n" });
  });

  test("keeps the guest's token, so that the conversation goes on; the JWT stays in memory", async () => {
    const scene = begin(() => tokens(ADA, "refresh-1"));
    const { arrival, credentials } = await scene.signIn();
    assert.equal(arrival, "same");
    assert.equal(credentials.secrets.token, "guest-token");
    assert.equal(credentials.secrets.refreshToken, "refresh-1");
    assert.equal(scene.login.jwt, ADA);
    assert.ok(!JSON.stringify(credentials).includes(ADA));
  });

  test("where no guest may step up, begins with another token", async () => {
    const { arrival, credentials } = await begin(() => tokens()).signIn(GUEST, false);
    assert.equal(arrival, "anew");
    assert.notEqual(credentials.secrets.token, "guest-token");
  });

  test("again, with the same token: Genesys knows whether it is the same person, who goes on", async () => {
    const first = (await begin(() => tokens(ADA, "refresh-ada")).signIn()).credentials;
    const again = await begin(() => tokens(toJwt("bob"))).signIn(first);
    assert.deepEqual([again.arrival, again.credentials.secrets.token], ["again", "guest-token"]);
    assert.equal(again.credentials.secrets.refreshToken, undefined);
  });

  test("with a code that Genesys does not believe is refused, and the guest stays who he was", async () => {
    const scene = begin(() => Response.json({ code: "bad.request", message: "no" }, { status: 400 }));
    const failure = await failureOf(scene.signIn());
    assert.deepEqual([failure.code, failure.detail], ["CHAT_SIGN_IN_REFUSED", "400 bad.request"]);
    assert.equal(scene.login.jwt, undefined);
  });

  for (const [what, answer, code] of [
    ["is down", () => new Response("<html>", { status: 503, headers: { "Retry-After": "7" } }), "CHAT_UNAVAILABLE"],
    ["is behind a captive portal", () => new Response("<html>Welcome"), "CHAT_DEPLOYMENT_UNREACHABLE"],
    ["cannot be reached", () => Promise.reject(new TypeError("x")), "CHAT_DEPLOYMENT_UNREACHABLE"],
  ] as [string, () => Response | Promise<Response>, string][]) {
    test(`while Genesys ${what} may be tried again`, async () => {
      const failure = await failureOf(begin(answer).signIn());
      assert.equal(failure.code, code);
      assert.equal(failure.circumstances.decision, undefined);
      if (code === "CHAT_UNAVAILABLE") assert.equal(failure.circumstances.retryAfter, 7_000);
    });
  }

  test("no error says what was given or got", async () => {
    for (const status of [400, 401, 403, 500]) {
      const scene = begin(() => Response.json({ jwt: ADA, code: "x" }, { status }));
      const { message } = await failureOf(scene.signIn());
      for (const secret of [ADA, "a-code", "v".repeat(43), "guest-token"]) assert.ok(!message.includes(secret));
    }
  });
});

const SIGNED_IN: Credentials = { ...GUEST, secrets: { ...GUEST.secrets, signedIn: "yes", refreshToken: "refresh-1" } };

describe("a JWT that has run out", () => {
  test("is renewed with what was kept", async () => {
    const scene = begin(() => tokens(ADA));
    await renew(SIGNED_IN, scene.call, scene.login, scene.save);
    assert.deepEqual(scene.platform.requests[0]?.body, { refreshToken: "refresh-1", deploymentId: "d-1" });
    assert.equal(scene.login.jwt, ADA);
  });

  test("and cannot be renewed asks the guest to sign in, in words", async () => {
    for (const [held, answer] of [
      [SIGNED_IN, () => new Response(null, { status: 401 })],
      [GUEST, () => assert.fail("asked")],
    ] as [Credentials, () => Response][]) {
      const scene = begin(answer);
      const failure = await failureOf(renew(held, scene.call, scene.login, scene.save));
      assert.equal(failure.code, "CHAT_SIGN_IN_NEEDED");
      assert.deepEqual(failure.circumstances.decision, { do: "stop" });
      assert.equal(failure.more?.guest, "Please sign in again to go on.");
    }
  });

  test("and whose refresh token is refused forgets that one: nothing is asked with it again", async () => {
    const scene = begin(() => new Response(null, { status: 401 }));
    await failureOf(renew(SIGNED_IN, scene.call, scene.login, scene.save));
    assert.deepEqual(scene.saved, [{ ...GUEST.secrets, signedIn: "yes" }]);
    const down = begin(() => new Response(null, { status: 503 }));
    await failureOf(renew(SIGNED_IN, down.call, down.login, down.save));
    assert.deepEqual(down.saved, [], "it may be good another time");
  });

  test("waits as long as Genesys asks, also until a date", async () => {
    const scene = begin(() => {
      const date = new Date(scene.platform.clock.now() + 90_000).toUTCString();
      return new Response(null, { status: 503, headers: { "Retry-After": date } });
    });
    const { circumstances } = await failureOf(renew(SIGNED_IN, scene.call, scene.login, scene.save));
    assert.equal(circumstances.retryAfter, 90_000);
  });

  test("is not given up because the network is down", async () => {
    const scene = begin(() => Promise.reject(new TypeError("x")));
    const failure = await failureOf(renew(SIGNED_IN, scene.call, scene.login, scene.save));
    assert.equal(failure.circumstances.decision, undefined);
  });

  test("and is refused however often it is renewed, is renewed three times and no more", async () => {
    const scene = begin(() => tokens());
    for (scene.login.refusals = 1; scene.login.refusals <= 3; scene.login.refusals += 1) {
      await renew(SIGNED_IN, scene.call, scene.login, scene.save);
    }
    assert.equal((await failureOf(renew(SIGNED_IN, scene.call, scene.login, scene.save))).code, "CHAT_SIGN_IN_NEEDED");
    assert.equal(scene.platform.requests.length, 3);
  });
});

describe("signing out", () => {
  test("revokes with the JWT, and forgets it", async () => {
    const scene = begin(() => new Response(null, { status: 204 }));
    scene.login.jwt = ADA;
    await signOut(SIGNED_IN, scene.call, scene.login);
    assert.deepEqual(scene.paths(), [`DELETE ${BASE}/revoke`]);
    assert.equal(scene.platform.requests[0]?.headers.Authorization, `Bearer ${ADA}`);
    assert.equal(scene.login.jwt, undefined);
  });

  test("with a JWT that has run out renews it, and revokes with the next", async () => {
    const scene = begin((path, attempt) =>
      path === "refresh" ? tokens(toJwt("next")) : new Response(null, { status: attempt === 1 ? 401 : 204 }),
    );
    scene.login.jwt = ADA;
    await signOut(SIGNED_IN, scene.call, scene.login);
    assert.deepEqual(scene.paths(), [`DELETE ${BASE}/revoke`, `POST ${BASE}/refresh`, `DELETE ${BASE}/revoke`]);
    assert.equal(scene.platform.requests[2]?.headers.Authorization, `Bearer ${toJwt("next")}`);
  });

  test("ends after three renewals, and where nobody answers, and never fails", async () => {
    const refused = begin((path) => (path === "refresh" ? tokens() : new Response(null, { status: 401 })));
    refused.login.jwt = ADA;
    await signOut(SIGNED_IN, refused.call, refused.login);
    assert.equal(refused.paths().filter((path) => path.startsWith("POST")).length, 3);
    const dead = begin(() => Promise.reject(new TypeError("x")));
    dead.login.jwt = ADA;
    await signOut(SIGNED_IN, dead.call, dead.login);
    assert.equal(dead.login.jwt, undefined);
  });
});
