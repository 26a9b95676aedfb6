/** When Genesys is slow, busy, broken or wrong: what the broker does and what the page is told. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toRetryAfterMs } from "../../src/broker/genesys/upstream.ts";
import { json, status } from "./fake-genesys.ts";
import { assertProblem, createBench, isLogged } from "./support.ts";

describe("the access token", () => {
  test("is fetched once for many sessions, and again after 80 % of its life", async () => {
    const bench = createBench();
    await Promise.all([1, 2, 3].map(() => bench.start()));
    bench.clock.pass(798_000);
    await bench.start();
    assert.equal(bench.genesys.tokenCalls.length, 1);
    bench.clock.pass(3_000);
    await bench.start();
    assert.equal(bench.genesys.tokenCalls.length, 2);
  });

  for (const code of [401, 403]) {
    test(`refused with ${code} is replaced once, and the session begins`, async () => {
      const bench = createBench();
      bench.genesys.nextGuest.push(status(code));
      await bench.start();
      assert.deepEqual(
        bench.genesys.guestCalls.map(({ bearer }) => bearer),
        ["canary-access-token-1", "canary-access-token-2"],
      );
    });
  }

  test("refused twice ends in 502, with the missing scope in the log and not in the answer", async () => {
    const bench = createBench();
    bench.genesys.nextToken.push(
      ...[1, 2].map(() => () => json({ access_token: "t", token_type: "bearer", expires_in: 60, scope: "guest:read" })),
    );
    bench.genesys.nextGuest.push(status(403), status(403));
    const answer = await bench.ask("/v1/sessions");
    assert(!(await answer.clone().text()).includes("guest:create"));
    await assertProblem(answer, "upstream_unauthorized", 502);
    assert(isLogged(bench, "upstream_unauthorized", { status: 403, scope: "guest:create" }));
    assert.equal(bench.genesys.guestCalls.length, 2);
  });

  test("refused for many sessions at once is replaced by one fetch", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(status(401), status(401), status(401));
    await Promise.all([1, 2, 3].map(() => bench.start()));
    assert.equal(bench.genesys.tokenCalls.length, 2);
  });

  test("that Genesys will not give ends in 502, with OAuth's code in the log", async () => {
    const bench = createBench();
    bench.genesys.nextToken.push(() => json({ error: "invalid_client", error_description: "canary-person" }, 401));
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_unauthorized", 502);
    assert(isLogged(bench, "upstream_unauthorized", { call: "oauth_token", status: 401, reason: "invalid_client" }));
    bench.genesys.nextToken.push(() => new Response("<html>", { status: 403 }));
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_unauthorized", 502);
    bench.genesys.nextToken.push(() => new Response("<html>"));
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_invalid", 502);
    await bench.start();
  });

  test("is asked for again after the pause that a 429 names", async () => {
    const bench = createBench();
    bench.genesys.nextToken.push(status(429, { "Retry-After": "3" }));
    await bench.start();
    assert.equal(bench.clock.waits[0], 3_000);
    assert.equal(bench.genesys.tokenCalls.length, 2);
  });
});

describe("busy", () => {
  test("a short Retry-After is waited for, and two seconds when none is given", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(status(429), status(429, { "Retry-After": "1" }));
    await bench.start();
    assert.deepEqual(bench.clock.waits, [2_000, 1_000]);
  });

  test("a long one is told to the page at once, and the next call does not reach Genesys before", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(status(429, { "Retry-After": "60" }));
    for (const wanted of [60, 55]) {
      const answer = await bench.ask("/v1/sessions");
      assert.equal(answer.headers.get("Retry-After"), String(wanted));
      assert.equal((await assertProblem(answer, "upstream_rate_limited", 429)).retryAfter, wanted);
      bench.clock.pass(5_000);
    }
    assert.equal(bench.genesys.guestCalls.length, 1);
    bench.clock.pass(50_000);
    await bench.start();
  });

  test("three refusals in a row are enough", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(...[1, 2, 3].map(() => status(429, { "Retry-After": "0" })));
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_rate_limited", 429);
    assert.equal(bench.genesys.guestCalls.length, 3);
  });

  test("Retry-After is read as seconds or a date, from 0 to 15 minutes, 2 s when it is neither (row 37)", () => {
    const now = Date.parse("2026-11-22T12:00:00Z");
    const read = (value: string | null) => toRetryAfterMs(value, now);
    assert.equal(read("7"), 7_000);
    assert.equal(read("0"), 0);
    assert.equal(read("-3"), 0);
    assert.equal(read("86400"), 900_000);
    assert.equal(read("Sun, 22 Nov 2026 12:00:30 GMT"), 30_000);
    assert.equal(read("Sun, 22 Nov 2020 12:00:30 GMT"), 0);
    assert.equal(read("soon"), 2_000);
    assert.equal(read(null), 2_000);
  });
});

describe("out of reach", () => {
  const cut = () => {
    throw new TypeError("fetch failed: canary-person", { cause: { code: "ECONNREFUSED" } });
  };

  test("network errors and 5xx are tried again with growing pauses of full jitter", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(status(503), cut);
    await bench.start();
    assert.deepEqual(bench.clock.waits, [250, 500]);
    assert(isLogged(bench, "upstream_failed", { call: "create_guest", reason: "ECONNREFUSED", tries: 2 }));
  });

  test("after three tries the page is told", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(status(500), status(502), cut);
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_unavailable", 502);
    assert.equal(bench.genesys.guestCalls.length, 3);
  });

  test("a slow failure is not followed by another try that the browser would not wait for", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(() => {
      bench.clock.pass(8_000);
      return cut();
    });
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_unavailable", 502);
    assert.equal(bench.genesys.guestCalls.length, 1);
  });

  test("a token endpoint out of reach is the same to the page", async () => {
    const bench = createBench();
    bench.genesys.nextToken.push(cut, cut, cut);
    await assertProblem(await bench.ask("/v1/sessions"), "upstream_unavailable", 502);
    assert.equal(bench.genesys.tokenCalls.length, 3);
  });
});

describe("refused", () => {
  test("any other 4xx, and a redirect, is final", async () => {
    for (const code of [302, 400, 404, 409]) {
      const bench = createBench();
      bench.genesys.nextGuest.push(status(code, { Location: "https://evil.example/" }));
      await assertProblem(await bench.ask("/v1/sessions"), "upstream_refused", 502);
      assert.equal(bench.genesys.guestCalls.length, 1);
      assert(isLogged(bench, "upstream_refused", { status: code }));
    }
  });

  test("attributes that Genesys finds too large are told as such", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(() =>
      json({ status: 400, code: "bad.request", message: "attributes exceed 10 KB" }, 400),
    );
    const answer = await bench.ask("/v1/sessions", { body: { attributes: { cart: "x" } } });
    assert.match((await assertProblem(answer, "attributes_too_large", 400)).detail ?? "", /Largest: /);
  });
});
