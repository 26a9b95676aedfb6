/** The broker in front of the sandbox: a sign-in reaches the guest, and stays with the one that a refresh makes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import type { SessionAnswer } from "../../src/wire/broker-api.ts";
import type { ProfileAnswer } from "../../src/wire/profile.ts";
import { createHandClock } from "../sandbox/support.ts";
import { EMAIL, NONCE } from "../support/provider.ts";
import { createProviderBench, ISSUER } from "./provider-bench.ts";

interface State {
  sessions: { id: string; attributes: Record<string, unknown> }[];
}

for (const delegation of ["token-exchange", "client-credentials"] as const) {
  test(`a verified sign-in is written through ${delegation}, and again after a refresh`, async () => {
    const sandbox = createSandbox({ bot: false, clock: createHandClock(1_790_000_000_000) });
    const bench = await createProviderBench({
      baseUrl: "http://sandbox.test",
      clientId: "sandbox",
      clientSecret: "sandbox-secret",
      delegation,
      fetch: (request) => {
        const serve = bench.provider.served.get(request.url);
        return serve ? serve(request) : sandbox.fetch(request);
      },
    });
    const attributesOf = async (session: string) => {
      const answer = await sandbox.fetch(new Request("http://sandbox.test/sandbox/state"));
      const { sessions } = (await answer.json()) as State;
      return sessions.find(({ id }) => id === session)?.attributes;
    };

    const session = await bench.start({ attributes: { cart: 3 } });
    const answer = await bench.sync(session.ticket, { idToken: await bench.provider.sign(), nonce: NONCE });
    assert.equal(answer.status, 200, await answer.clone().text());
    const { ticket, syncedAt } = (await answer.json()) as ProfileAnswer;
    const written = {
      cart: 3,
      external_provider_id: ISSUER,
      external_email: EMAIL,
      synced_at: syncedAt,
      delegation_verified: true,
    };
    const usual = { source: "custom_widget", locale: "en-GB", user_agent: "TestBrowser/1.0" };
    assert.deepEqual(await attributesOf(session.sessionId), { ...usual, ...written });

    const refreshed = await bench.refresh(ticket, { attributes: { cart: 3 } });
    const next = (await refreshed.json()) as SessionAnswer;
    assert.deepEqual(await attributesOf(next.sessionId), { ...usual, ...written, continued_from: session.guestId });
  });
}
