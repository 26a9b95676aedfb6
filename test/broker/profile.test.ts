/** A guest signs in at an identity provider: what Genesys is told of it, through which token, and for which guest. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeJwt } from "jose";
import type { SessionAnswer } from "../../src/wire/broker-api.ts";
import { findProfileFault, type ProfileAnswer } from "../../src/wire/profile.ts";
import { EMAIL, NONCE } from "../support/provider.ts";
import { json, status } from "./fake-genesys.ts";
import { createProviderBench, ISSUER } from "./provider-bench.ts";
import { assertProblem, createBench, isLogged, OTHER } from "./support.ts";

const nonce = NONCE;
const read = async <T = ProfileAnswer>(answer: Response): Promise<T> => {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
};

describe("a verified sign-in", () => {
  test("gives Genesys the four attributes and the page a new ticket", async () => {
    const bench = await createProviderBench();
    const { ticket, guestId } = await bench.start();
    const answer = await read(await bench.sync(ticket, { idToken: await bench.provider.sign(), nonce }));
    const syncedAt = new Date(bench.clock.now()).toISOString();
    const { ticket: next, ...rest } = answer;
    assert.deepEqual(rest, { providerId: ISSUER, email: EMAIL, syncedAt, now: bench.clock.now() });
    assert.equal(findProfileFault(answer), null);
    assert.notEqual(next, ticket);
    assert.deepEqual(bench.genesys.updateCalls, [
      {
        bearer: "canary-access-token-2",
        guestId,
        attributes: {
          external_provider_id: ISSUER,
          external_email: EMAIL,
          synced_at: syncedAt,
          delegation_verified: true,
        },
      },
    ]);
  });

  test("is exchanged for a token of Genesys' (RFC 8693), with the client's secret and the narrow scope", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    const idToken = await bench.provider.sign();
    await read(await bench.sync(ticket, { idToken, nonce }));
    assert.deepEqual(Object.fromEntries(bench.genesys.tokenCalls[1] ?? []), {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: idToken,
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      scope: "guest:read user:read",
      client_id: "client-1",
      client_secret: "canary-client-secret",
    });
  });

  test("is written with the application's own token where that is configured, which then has user:read", async () => {
    const bench = await createProviderBench({ delegation: "client-credentials" });
    const { ticket } = await bench.start();
    await read(await bench.sync(ticket, { idToken: await bench.provider.sign(), nonce }));
    assert.equal(bench.genesys.tokenCalls.length, 1);
    assert.equal(bench.genesys.tokenCalls[0]?.get("scope"), "guest:create guest:read webchat:send user:read");
    assert.equal(bench.genesys.updateCalls[0]?.bearer, "canary-access-token-1");
  });

  test("is written for the ticket's guest, whomever the body names", async () => {
    const bench = await createProviderBench();
    const victim = await bench.start();
    const { ticket, guestId } = await bench.start();
    const body = { guestId: victim.guestId, sub: victim.guestId, email: "eve@mail.example", providerId: "eve" };
    await read(await bench.sync(ticket, { ...body, idToken: await bench.provider.sign(), nonce }));
    assert.deepEqual(
      bench.genesys.updateCalls.map((call) => [call.guestId, call.attributes.external_email]),
      [[guestId, EMAIL]],
    );
  });

  for (const email_verified of [false, undefined, "true", 1]) {
    test(`whose e-mail is not verified (${email_verified}) is written without it`, async () => {
      const bench = await createProviderBench();
      const { ticket } = await bench.start();
      const idToken = await bench.provider.sign({ email_verified });
      const answer = await read(await bench.sync(ticket, { idToken, nonce }));
      assert(!("email" in answer));
      assert(!("external_email" in (bench.genesys.updateCalls[0]?.attributes ?? {})));
    });
  }

  test("after another one takes that one's e-mail away when it has none itself", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    const first = await read(await bench.sync(ticket, { idToken: await bench.provider.sign(), nonce }));
    const idToken = await bench.provider.sign({ email: undefined, sub: "somebody-else" });
    await read(await bench.sync(first.ticket, { idToken, nonce }));
    assert.equal(bench.genesys.updateCalls[1]?.attributes.external_email, null);
  });

  test("leaves nothing of itself in the log but that it was", async () => {
    const bench = await createProviderBench();
    const { ticket, sessionId } = await bench.start();
    await read(await bench.sync(ticket, { idToken: await bench.provider.sign(), nonce }));
    assert(isLogged(bench, "profile_synced", { session: sessionId }));
    assert(isLogged(bench, "answered", { call: "PUT /v1/profile", status: 200 }));
    assert(!JSON.stringify(bench.log).includes("mail.example"));
  });
});

describe("the profile and the ticket", () => {
  test("a refresh writes the profile onto the continued guest, as often as there is one", async () => {
    const bench = await createProviderBench();
    const session = await bench.start({ attributes: { cart: 3 } });
    const { syncedAt, ...synced } = await read(
      await bench.sync(session.ticket, { idToken: await bench.provider.sign(), nonce }),
    );
    bench.clock.pass(3_600_000);
    const once = await read<SessionAnswer>(await bench.refresh(synced.ticket, { attributes: { cart: 3 } }));
    await read<SessionAnswer>(await bench.refresh(once.ticket, { attributes: { cart: 3 } }));
    for (const { body } of bench.genesys.guestCalls.slice(1)) {
      const { external_provider_id, external_email, synced_at, delegation_verified, cart } = body.attributes;
      assert.deepEqual(
        [external_provider_id, external_email, synced_at, delegation_verified, cart],
        [ISSUER, EMAIL, syncedAt, true, 3],
      );
    }
    assert.equal(bench.genesys.guestCalls.length, 3);
  });

  test("a page cannot write them at a refresh, with a profile or without", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    for (const name of ["external_provider_id", "external_email", "synced_at", "delegation_verified"]) {
      await assertProblem(await bench.refresh(ticket, { attributes: { [name]: "x" } }), "reserved_attribute", 400);
    }
  });

  test("the new ticket lives no longer than the old one, and ending one ends both", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    bench.clock.pass(86_400_000);
    const next = await read(await bench.sync(ticket, { idToken: await bench.provider.sign(), nonce }));
    const [before, after] = [decodeJwt(ticket), decodeJwt(next.ticket)];
    assert.deepEqual([after.exp, after.jti], [before.exp, before.jti]);
    assert.equal((await bench.end(next.ticket)).status, 204);
    await assertProblem(await bench.refresh(ticket), "ticket_revoked", 401);
    await assertProblem(
      await bench.sync(ticket, { idToken: await bench.provider.sign(), nonce }),
      "ticket_revoked",
      401,
    );
  });

  test("a sign-in during which the session was refreshed is told to come again with the new ticket", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    const idToken = await bench.provider.sign();
    let next = "";
    bench.genesys.nextUpdate.push(async () => {
      next = (await read<SessionAnswer>(await bench.refresh(ticket))).ticket;
      return json({});
    });
    await assertProblem(await bench.sync(ticket, { idToken, nonce }), "ticket_revoked", 401);
    await read(await bench.sync(next, { idToken, nonce }));
    assert.equal(bench.genesys.updateCalls[1]?.guestId, "guest-2");
  });

  test("no ticket, another origin's, or none at all is refused before anything is asked", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    const body = { idToken: await bench.provider.sign(), nonce };
    await assertProblem(await bench.ask("/v1/profile", { method: "PUT", body }), "ticket_missing", 401);
    await assertProblem(await bench.sync(body.idToken, body), "ticket_invalid", 401);
    await assertProblem(await bench.sync(ticket, body, OTHER), "ticket_invalid", 401);
    assert.deepEqual(bench.provider.asked, []);
  });
});

describe("one ID token", () => {
  test("is good for one guest, and a lost answer may be asked for again", async () => {
    const bench = await createProviderBench();
    const guest = await bench.start();
    const thief = await bench.start();
    const body = { idToken: await bench.provider.sign(), nonce };
    await read(await bench.sync(guest.ticket, body));
    await read(await bench.sync(guest.ticket, body));
    await assertProblem(await bench.sync(thief.ticket, body), "id_token_used", 409);
    assert.equal(bench.genesys.updateCalls.length, 2);
  });

  test("stays used when its signature is written in another way", async () => {
    const bench = await createProviderBench();
    const guest = await bench.start();
    const thief = await bench.start();
    const idToken = await bench.provider.sign();
    await read(await bench.sync(guest.ticket, { idToken, nonce }));
    // 256 bytes leave two bits over in the last character: four ways to write it.
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(idToken.at(-1) ?? "");
    for (const bits of [0, 1, 2, 3]) {
      const written = idToken.slice(0, -1) + alphabet[(last & ~3) | bits];
      assert.notEqual((await bench.sync(thief.ticket, { idToken: written, nonce })).status, 200);
    }
    assert.equal(bench.genesys.updateCalls.length, 1);
  });

  test("sent for two guests at the same time is good for one of them", async () => {
    const bench = await createProviderBench();
    const guests = [await bench.start(), await bench.start()];
    const body = { idToken: await bench.provider.sign(), nonce };
    const answers = await Promise.all(guests.map(({ ticket }) => bench.sync(ticket, body)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409]);
    assert.equal(bench.genesys.updateCalls.length, 1);
  });

  for (const gone of [
    status(404),
    () => json({ code: "bad.request", message: "Unknown guest" }, 400),
    () => json({ code: "guest.not.found", message: "" }, 400),
  ]) {
    test(`is good once more for the guest that continues one who is gone (${gone})`, async () => {
      const bench = await createProviderBench();
      const { ticket } = await bench.start();
      const body = { idToken: await bench.provider.sign(), nonce };
      bench.genesys.nextUpdate.push(gone);
      await assertProblem(await bench.sync(ticket, body), "guest_gone", 410);
      const next = await read<SessionAnswer>(await bench.refresh(ticket));
      await read(await bench.sync(next.ticket, body));
      assert.equal(bench.genesys.updateCalls[1]?.guestId, next.guestId);
    });
  }
});

describe("when Genesys does not take the profile", () => {
  const sync = async (bench: Awaited<ReturnType<typeof createProviderBench>>, attributes = {}) => {
    const { ticket } = await bench.start({ attributes });
    return bench.sync(ticket, { idToken: await bench.provider.sign(), nonce });
  };

  test("attributes that would pass 10 KB with it are refused before the call, with size and largest keys", async () => {
    const bench = await createProviderBench();
    const { detail } = await assertProblem(
      await sync(bench, { cart: "ü".repeat(5_000), notes: "canary-person" }),
      "attributes_too_large",
      400,
    );
    assert.match(detail ?? "", /take 10\d{3} bytes of JSON; 10240 are allowed\. Largest: cart \(10002 bytes\), /);
    assert.equal(bench.genesys.updateCalls.length, 0);
    assert.equal(bench.genesys.tokenCalls.length, 1);
  });

  test("and it says that they are too large, so does the broker", async () => {
    const bench = await createProviderBench();
    bench.genesys.nextUpdate.push(() => json({ code: "attributes.too.large", message: "canary-person" }, 400));
    await assertProblem(await sync(bench), "attributes_too_large", 400);
  });

  test("any other 4xx is final", async () => {
    for (const code of [302, 400, 409]) {
      const bench = await createProviderBench();
      bench.genesys.nextUpdate.push(status(code));
      await assertProblem(await sync(bench), "upstream_refused", 502);
      assert.equal(bench.genesys.updateCalls.length, 1);
    }
  });

  test("401 and 403 mean one new exchange and one more try, then 502 with the scope in the log only", async () => {
    const bench = await createProviderBench();
    bench.genesys.nextUpdate.push(status(401));
    await read(await sync(bench));
    assert.deepEqual(
      bench.genesys.updateCalls.map(({ bearer }) => bearer),
      ["canary-access-token-2", "canary-access-token-3"],
    );
    bench.genesys.nextUpdate.push(status(403), status(403));
    const answer = await sync(bench);
    assert(!(await answer.clone().text()).includes("user:read"));
    await assertProblem(answer, "upstream_unauthorized", 502);
    assert(
      isLogged(bench, "upstream_unauthorized", { call: "update_guest", scope: "user:read (granted, and refused)" }),
    );
  });

  test("an exchange that is refused is 502, with OAuth's code in the log", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    bench.genesys.nextToken.push(() => json({ error: "invalid_grant", error_description: "canary-person" }, 400));
    const answer = await bench.sync(ticket, { idToken: await bench.provider.sign(), nonce });
    await assertProblem(answer, "upstream_unauthorized", 502);
    assert(isLogged(bench, "upstream_unauthorized", { call: "token_exchange", reason: "invalid_grant" }));
  });

  test("429 and 5xx are waited for as everywhere", async () => {
    const bench = await createProviderBench();
    bench.genesys.nextUpdate.push(status(503), status(429, { "Retry-After": "1" }));
    await read(await sync(bench));
    assert.equal(bench.genesys.updateCalls.length, 3);
    bench.genesys.nextUpdate.push(status(429, { "Retry-After": "60" }));
    assert.equal((await assertProblem(await sync(bench), "upstream_rate_limited", 429)).retryAfter, 60);
  });
});

describe("what is refused", () => {
  test("any profile, by a broker without a provider", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    await assertProblem(await bench.sync(ticket, { idToken: "a.b.c", nonce }), "not_configured", 404);
  });

  const bodies: [name: string, body: unknown, detail: RegExp][] = [
    ["an authorization code", { code: "c", redirectUri: "u", codeVerifier: "v", nonce }, /codes are not exchanged/],
    ["a profile that the caller vouches for", { providerId: ISSUER, email: EMAIL }, /^idToken: /],
    ["no nonce", { idToken: "a.b.c" }, /^nonce: /],
    ["an empty nonce", { idToken: "a.b.c", nonce: "" }, /^nonce: /],
    ["an ID token that is no text", { idToken: {}, nonce }, /^idToken: /],
    ["an ID token over 8 KB", { idToken: "a".repeat(8_193), nonce }, /^idToken: expected 1 to 8192 characters/],
  ];
  for (const [name, body, detail] of bodies) {
    test(name, async () => {
      const bench = await createProviderBench();
      const { ticket } = await bench.start();
      const problem = await assertProblem(await bench.sync(ticket, body), "invalid_request", 400);
      assert.match(problem.detail ?? "", detail);
      assert.deepEqual(bench.provider.asked, []);
    });
  }

  test("more than five tries at once by one session, and no other session for it", async () => {
    const bench = await createProviderBench();
    const [one, other] = [await bench.start(), await bench.start()];
    const idToken = await bench.provider.sign({ nonce: "another" });
    for (let tries = 0; tries < 5; tries++) {
      await assertProblem(await bench.sync(one.ticket, { idToken, nonce }), "id_token_invalid", 400);
    }
    const { retryAfter } = await assertProblem(await bench.sync(one.ticket, { idToken, nonce }), "rate_limited", 429);
    assert.equal(retryAfter, 10);
    await assertProblem(await bench.sync(other.ticket, { idToken, nonce }), "id_token_invalid", 400);
    bench.clock.pass(10_000);
    await assertProblem(await bench.sync(one.ticket, { idToken, nonce }), "id_token_invalid", 400);
  });

  test("any method but PUT", async () => {
    const answer = await createBench().ask("/v1/profile", { method: "POST" });
    assert.equal(answer.headers.get("Allow"), "PUT");
    await assertProblem(answer, "method_not_allowed", 405);
  });
});

describe("a caller that is trusted", () => {
  const trusting = { trustCaller: true, delegation: "client-credentials" } as const;

  test("vouches for provider and e-mail, and they are written with the application's own token", async () => {
    const bench = createBench(trusting);
    const { ticket } = await bench.start();
    const answer = await read(await bench.sync(ticket, { providerId: "crm", email: EMAIL }));
    assert.deepEqual([answer.providerId, answer.email], ["crm", EMAIL]);
    const [call] = bench.genesys.updateCalls;
    assert.deepEqual([call?.bearer, call?.attributes.external_provider_id], ["canary-access-token-1", "crm"]);
    assert.equal(bench.genesys.tokenCalls[0]?.get("scope"), "guest:create guest:read webchat:send user:read");
  });

  test("is held to the shape of both", async () => {
    const bench = createBench(trusting);
    const { ticket } = await bench.start();
    const wrong: [body: unknown, detail: RegExp][] = [
      [{ providerId: "crm" }, /^email: /],
      [{ providerId: "crm", email: "nobody" }, /^email: expected an e-mail address/],
      [{ providerId: "crm", email: "a\u202Eb@c.example" }, /^email: /],
      [{ providerId: "", email: EMAIL }, /^providerId: /],
      [{ providerId: "a\u0000", email: EMAIL }, /^providerId: /],
    ];
    for (const [body, detail] of wrong) {
      const problem = await assertProblem(await bench.sync(ticket, body), "invalid_request", 400);
      assert.match(problem.detail ?? "", detail);
    }
    await assertProblem(await bench.sync(ticket, { idToken: "a.b.c", nonce }), "not_configured", 404);
  });

  test("needs a broker that writes with its own token", () => {
    assert.throws(() => createBench({ trustCaller: true }), /trustCaller: expected with delegation client-credentials/);
  });
});
