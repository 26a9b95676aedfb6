/** A page begins a session: what Genesys is sent, what the page gets, and what is refused. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createBroker } from "../../src/broker/broker.ts";
import { findAnswerFault } from "../../src/wire/broker-api.ts";
import { CLIENT_SECRET } from "./fake-genesys.ts";
import { assertProblem, createBench, OTHER, SHOP } from "./support.ts";

describe("beginning a session", () => {
  test("a page gets guest, token, socket and ticket, and nothing else", async () => {
    const bench = createBench();
    const answer = await bench.start({ name: "canary-person", language: "fr-FR", attributes: { cart: 3 } });
    assert.deepEqual(Object.keys(answer).sort(), [
      "expiresAt",
      "guestId",
      "guestToken",
      "now",
      "sessionId",
      "socketUrl",
      "ticket",
    ]);
    assert.equal(findAnswerFault(answer), null);
    assert.equal(answer.socketUrl, "wss://acme.mypurecloud.com/api/v2/guests/guest-1/sessions/session-1/ws");
    assert.equal(answer.now, bench.clock.now());
    assert.equal(answer.expiresAt, Math.floor(bench.clock.now() / 1000) * 1000 + 3_600_000);
  });

  test("Genesys is sent the route's queue, skill and language, the defaults and the page's own attributes", async () => {
    const bench = createBench();
    await bench.start({ name: " Ada ", language: "fr-FR", attributes: { cart: 3, source: "page", locale: "xx" } });
    const [call] = bench.genesys.guestCalls;
    assert.equal(call?.bearer, "canary-access-token-1");
    assert.deepEqual(call?.body, {
      name: "Ada",
      attributes: { cart: 3, source: "custom_widget", locale: "fr-FR", user_agent: "TestBrowser/1.0" },
      routing: { queue: { id: "q1" }, skill: { id: "s1" }, language: "en-GB" },
    });
  });

  test("the access token is asked for with the client's secret in the form body", async () => {
    const bench = createBench();
    await bench.start();
    assert.deepEqual(Object.fromEntries(bench.genesys.tokenCalls[0] ?? []), {
      grant_type: "client_credentials",
      client_id: "client-1",
      client_secret: CLIENT_SECRET,
      scope: "guest:create guest:read webchat:send",
    });
  });

  test("a page that says nothing gets the first route and the name Web Guest", async () => {
    const bench = createBench();
    await bench.start();
    const body = bench.genesys.guestCalls[0]?.body;
    assert.equal(body?.name, "Web Guest");
    assert.equal(body?.attributes.locale, "en-GB");
    assert.equal(body?.routing.queue.id, "q1");
  });

  test("a page may name another route, with that route's default name", async () => {
    const bench = createBench();
    await bench.start({ route: "service" });
    const body = bench.genesys.guestCalls[0]?.body;
    assert.equal(body?.name, "Gast");
    assert.deepEqual(body?.routing, { queue: { id: "q2" }, skill: { id: "s2" }, language: "de-DE" });
  });

  test("an own socket address is given to pages when one is configured", async () => {
    const bench = createBench({ publicSocketBase: "wss://chat.example/" });
    assert.match((await bench.start()).socketUrl, /^wss:\/\/chat\.example\/api\/v2\/guests\//);
  });
});

describe("what a page may not send", () => {
  const refused: [name: string, body: unknown, code: string, detail: RegExp][] = [
    ["an unknown route", { route: "nowhere" }, "unknown_route", /^$/],
    ["a route named like a property of every object", { route: "toString" }, "unknown_route", /^$/],
    ["a reserved attribute", { attributes: { continued_from: "g" } }, "reserved_attribute", /continued_from/],
    ["a body that is no JSON", "{", "invalid_request", /JSON/],
    ["a body that is no object", "[]", "invalid_request", /body/],
    ["a name that is no text", { name: 7 }, "invalid_request", /^name: expected text/],
    ["a name with an override of direction", { name: "a\u202Eb" }, "invalid_request", /^name: /],
    ["a language that is none", { language: "../etc" }, "invalid_request", /^language: /],
    ["attributes that are no object", { attributes: 3 }, "invalid_request", /^attributes: /],
    ["attributes that are a list", { attributes: [1] }, "invalid_request", /^attributes: expected an object/],
  ];
  for (const [name, body, code, detail] of refused) {
    test(`${name} is refused and Genesys is not asked`, async () => {
      const bench = createBench();
      const problem = await assertProblem(await bench.ask("/v1/sessions", { body }), code, 400);
      assert.match(problem.detail ?? "", detail);
      assert.equal(bench.genesys.guestCalls.length, 0);
    });
  }

  test("attributes over 10 KB are refused with their size and the largest keys, and no value", async () => {
    const bench = createBench();
    const attributes = { small: 1, cart: "ü".repeat(4_000), notes: "canary-person".repeat(300) };
    const answer = await bench.ask("/v1/sessions", { body: { attributes } });
    const { detail } = await assertProblem(answer, "attributes_too_large", 400);
    assert.match(detail ?? "", /take 12\d{3} bytes of JSON; 10240 are allowed/);
    assert.match(detail ?? "", /Largest: cart \(8002 bytes\), notes \(3902 bytes\)/);
  });

  test("the 10 KB are counted with the broker's own attributes and room for a refresh, to the byte", async () => {
    const bench = createBench();
    await bench.start();
    const own = Buffer.byteLength(JSON.stringify(bench.genesys.guestCalls[0]?.body.attributes));
    const continued = { continued_from: crypto.randomUUID() };
    const room = 10_240 - own - Buffer.byteLength('"x":"",') - (JSON.stringify(continued).length - 1);
    const { ticket } = await bench.start({ attributes: { x: "a".repeat(room) } });
    assert.equal((await bench.refresh(ticket, { attributes: { x: "a".repeat(room) } })).status, 200);
    const answer = await bench.ask("/v1/sessions", { body: { attributes: { x: "a".repeat(room + 1) } } });
    await assertProblem(answer, "attributes_too_large", 400);
  });

  test("a body over 16 KB is refused by what arrives, also without a length", async () => {
    const bench = createBench();
    await assertProblem(await bench.ask("/v1/sessions", { body: " ".repeat(16_385) }), "body_too_large", 413);
    const broker = createBroker({
      baseUrl: "https://acme.mypurecloud.com",
      clientId: "c",
      clientSecret: "s",
      routes: { a: { queue: "q", skill: "s", language: "en" } },
      allowedOrigins: [SHOP],
      ticketSecrets: ["x".repeat(32)],
      fetch: bench.genesys.fetch,
    });
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024;
        controller.enqueue(new Uint8Array(1024).fill(32));
      },
    });
    const init = {
      method: "POST",
      headers: { Origin: SHOP, "Content-Type": "application/json", "Content-Length": "2" },
      body: endless,
      duplex: "half",
    };
    await assertProblem(await broker(new Request("https://b.example/v1/sessions", init)), "body_too_large", 413);
    assert(sent < 32_768);
  });

  test("a body that is not called JSON is refused", async () => {
    const bench = createBench();
    const headers = { "Content-Type": "text/plain" };
    await assertProblem(await bench.ask("/v1/sessions", { body: "{}", headers }), "invalid_request", 400);
  });
});

describe("repeated calls", () => {
  const headers = { "Idempotency-Key": "key-1" };

  test("a call repeated with its Idempotency-Key gets the first answer and makes no second guest", async () => {
    const bench = createBench();
    const first = await bench.start({ name: "Ada" }, headers);
    bench.clock.pass(599_000);
    const { now, ...second } = await bench.start({ name: "Ada" }, headers);
    assert.deepEqual({ ...second, now: first.now }, first);
    assert.equal(now, bench.clock.now());
    assert.equal(bench.genesys.guestCalls.length, 1);
    bench.clock.pass(1_000);
    assert.notEqual((await bench.start({ name: "Ada" }, headers)).guestId, first.guestId);
  });

  test("a repeated call joins the one still under way", async () => {
    const bench = createBench();
    const answers = await Promise.all([1, 2, 3].map(() => bench.start({ name: "Ada" }, headers)));
    assert.equal(new Set(answers.map(({ guestId }) => guestId)).size, 1);
    assert.equal(bench.genesys.guestCalls.length, 1);
  });

  test("another body under the same key is refused", async () => {
    const bench = createBench();
    await bench.start({ name: "Ada" }, headers);
    const answer = await bench.ask("/v1/sessions", { body: { name: "Eve" }, headers });
    assert.match((await assertProblem(answer, "invalid_request", 400)).detail ?? "", /Idempotency-Key/);
  });

  test("the same key from another origin or for another route is another call", async () => {
    const bench = createBench();
    await bench.start({}, headers);
    await bench.start({ route: "service" }, headers);
    assert.equal((await bench.ask("/v1/sessions", { body: {}, headers, origin: OTHER })).status, 201);
    assert.equal(bench.genesys.guestCalls.length, 3);
  });

  test("a failure is not kept: the repeated call tries again", async () => {
    const bench = createBench();
    bench.genesys.nextGuest.push(() => new Response("{}", { status: 404 }));
    await assertProblem(await bench.ask("/v1/sessions", { headers }), "upstream_refused", 502);
    await bench.start(undefined, headers);
  });

  test("a key that cannot be one is refused", async () => {
    const bench = createBench();
    const answer = await bench.ask("/v1/sessions", { headers: { "Idempotency-Key": "x".repeat(256) } });
    await assertProblem(answer, "invalid_request", 400);
  });
});

describe("around the calls", () => {
  test("healthz answers without asking anybody, readyz once Genesys gives a token", async () => {
    const bench = createBench();
    const health = await bench.ask("/healthz", { method: "GET", origin: null });
    assert.equal(health.status, 200);
    assert.equal(bench.genesys.tokenCalls.length, 0);
    assert.equal((await bench.ask("/readyz", { method: "GET", origin: null })).status, 200);
    assert.equal(bench.genesys.tokenCalls.length, 1);
  });

  test("readyz says 503 while Genesys does not accept the broker, or the store is down", async () => {
    const bench = createBench();
    bench.genesys.nextToken.push(() => Response.json({ error: "invalid_client" }, { status: 401 }));
    await assertProblem(await bench.ask("/readyz", { method: "GET" }), "not_ready", 503);
    const down = () => Promise.reject(new Error("down"));
    const storeless = createBench({ store: { get: down, set: down, delete: down } });
    await assertProblem(await storeless.ask("/readyz", { method: "GET" }), "not_ready", 503);
  });

  test("an unknown path is 404, a wrong method 405 with those allowed", async () => {
    const bench = createBench();
    await assertProblem(await bench.ask("/v1/elsewhere", { method: "PUT" }), "not_found", 404);
    await assertProblem(await bench.ask("/elsewhere", { method: "GET" }), "not_found", 404);
    const answer = await bench.ask("/v1/sessions", { method: "GET" });
    assert.equal(answer.headers.get("Allow"), "POST, DELETE");
    await assertProblem(answer, "method_not_allowed", 405);
  });

  test("no answer is stored by anybody", async () => {
    const bench = createBench();
    for (const path of ["/v1/sessions", "/v1/nothing", "/v1/sessions/refresh"]) {
      assert.equal((await bench.ask(path)).headers.get("Cache-Control"), "no-store");
    }
  });

  test("an error inside the broker shows the page nothing and the log no message", async () => {
    const bench = createBench({
      store: {
        get: () => Promise.reject(new Error("canary-person")),
        set: () => Promise.resolve(),
        delete: () => Promise.resolve(),
      },
    });
    await assertProblem(await bench.ask("/v1/sessions"), "internal", 500);
    assert(bench.log.some(({ event, fields }) => event === "internal" && String(fields.at).includes("at ")));
  });

  test("a wrong option is named when the broker is made, without its value", () => {
    const wrong: [Parameters<typeof createBench>[0], RegExp][] = [
      [{ baseUrl: "ftp://canary" }, /baseUrl: expected a URL/],
      [{ clientSecret: "" }, /clientSecret: is missing/],
      [{ routes: {} }, /routes: expected at least one/],
      [{ allowedOrigins: ["https://shop.example/"] }, /allowedOrigins\S*: expected origins only/],
      [{ allowedOrigins: ["*"] }, /allowedOrigins\S*: expected origins only/],
      [{ ticketSecrets: ["canary"] }, /ticketSecrets\.0: expected at least 32/],
      [{ perMinute: 0 }, /perMinute: expected at least 2/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(
        () => createBench(options),
        (error: Error) =>
          error instanceof TypeError && message.test(error.message) && !error.message.includes("canary"),
      );
    }
  });
});
