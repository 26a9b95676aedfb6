/** The sandbox's REST calls for guests, and what it answers at any other address. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { checkGuestClaims } from "../../src/wire/guest-token.ts";
import { createBench, ROUTING, type TestBench } from "./support.ts";

const GUEST = { name: "Web Guest", attributes: { source: "custom_widget" }, routing: ROUTING };

const post = async (bench: TestBench, body: unknown, scope?: string) =>
  bench.call("POST", "/api/v2/guests", body, { authorization: `Bearer ${await bench.token(scope)}` });

const put = async (bench: TestBench, id: string, attributes: unknown, scope?: string) =>
  bench.call("PUT", `/api/v2/guests/${id}`, { attributes }, { authorization: `Bearer ${await bench.token(scope)}` });

describe("the sandbox's POST /api/v2/guests", () => {
  test("makes a guest with a session and a token whose claims are those of the profile", async () => {
    const bench = createBench();
    const response = await post(bench, GUEST);
    assert.equal(response.status, 201);
    const body = (await response.json()) as { id: string; guestToken: string; sessions: { id: string }[] };
    assert.deepEqual(Object.keys(body), ["id", "guestToken", "sessions", "attributes"]);
    assert.ok(body.sessions[0]?.id);
    assert.equal(decodeProtectedHeader(body.guestToken).alg, "HS256");
    const claims = decodeJwt(body.guestToken);
    assert.ok(checkGuestClaims(claims, bench.clock.now()).ok);
    assert.equal(claims.sub, body.id);
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 3600);
    assert.deepEqual(claims.routing_hints, { queue: "q1", skill: "s1", language: "en" });
    assert.deepEqual(claims.attributes, GUEST.attributes);
  });

  const tooMuch = { a: "x".repeat(10_240) };
  const refusals: [string, unknown, RegExp][] = [
    ["a body that is not JSON", "{", /not JSON/],
    ["no name", { ...GUEST, name: undefined }, /^name:/],
    ["an empty name", { ...GUEST, name: "" }, /^name:/],
    ["attributes that are a list", { ...GUEST, attributes: [] }, /^attributes:/],
    ["routing without a queue", { ...GUEST, routing: { ...ROUTING, queue: {} } }, /^routing\.queue\.id:/],
    ["a field that is unknown", { ...GUEST, email: "x" }, /^email:/],
    ["a field that is unknown further in", { ...GUEST, routing: { ...ROUTING, agent: "x" } }, /^routing\.agent:/],
    ["attributes over 10 KB", { ...GUEST, attributes: tooMuch }, /^attributes: 10248 bytes/],
    ["a continued_from that is no id", { ...GUEST, attributes: { continued_from: 1 } }, /continued_from/],
  ];
  for (const [what, body, message] of refusals) {
    test(`refuses ${what} and names it`, async () => {
      const response = await post(createBench(), body);
      assert.equal(response.status, 400);
      const error = (await response.json()) as { status: number; code: string; message: string };
      assert.equal(error.status, 400);
      assert.ok(error.code);
      assert.match(error.message, message);
    });
  }

  test("refuses a call without a token, with an unknown one, and with one that lacks the scope", async () => {
    const bench = createBench();
    assert.equal((await bench.call("POST", "/api/v2/guests", GUEST)).status, 401);
    const unknown = { authorization: "Bearer nobody-has-this" };
    assert.equal((await bench.call("POST", "/api/v2/guests", GUEST, unknown)).status, 401);
    const refused = await post(bench, GUEST, "guest:read");
    assert.equal(refused.status, 403);
    assert.match(((await refused.json()) as { message: string }).message, /guest:create/);
  });

  test("refuses a body that is too large, and one that is not said to be JSON", async () => {
    const bench = createBench();
    assert.equal((await post(bench, "x".repeat(40_000))).status, 413);
    const headers = { authorization: `Bearer ${await bench.token()}`, "content-type": "text/plain" };
    assert.equal((await bench.call("POST", "/api/v2/guests", GUEST, headers)).status, 415);
  });

  test("answers 429 with Retry-After past 200 requests in a minute", async () => {
    const bench = createBench();
    const headers = { authorization: `Bearer ${await bench.token()}` };
    for (let n = 0; n < 200; n += 1) await bench.call("POST", "/api/v2/guests", GUEST, headers);
    const refused = await bench.call("POST", "/api/v2/guests", GUEST, headers);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), "60");
  });
});

describe("the sandbox's PUT /api/v2/guests/{id}", () => {
  test("merges attributes into the guest's", async () => {
    const bench = createBench();
    const guest = await bench.guest({ a: "1", b: "2" });
    const response = await put(bench, guest.id, { b: "3", c: "4" });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { id: guest.id, attributes: { a: "1", b: "3", c: "4" } });
  });

  test("answers 404 for a guest that is gone, 400 when the whole is over 10 KB, 403 without the scopes", async () => {
    const bench = createBench();
    const guest = await bench.guest({ a: "x".repeat(6000) });
    assert.equal((await put(bench, "nobody", {})).status, 404);
    assert.equal((await put(bench, guest.id, { b: "x".repeat(6000) })).status, 400);
    assert.equal((await put(bench, guest.id, { b: "x" }, "guest:read")).status, 403);
    assert.equal((await put(bench, guest.id, "text")).status, 400);
  });
});

describe("the sandbox's other addresses", () => {
  test("answer with an error in Genesys's shape", async () => {
    const bench = createBench();
    const expected: [string, string, number][] = [
      ["GET", "/api/v2/users", 404],
      ["GET", "/", 404],
      ["GET", "/sandbox/nothing", 404],
      ["GET", "/api/v2/guests", 405],
      ["DELETE", "/api/v2/guests/1", 405],
      ["GET", "/api/v2/guests/1/sessions/2/ws", 426],
    ];
    for (const [method, path, status] of expected) {
      const response = await bench.call(method, path);
      assert.equal(response.status, status, `${method} ${path}`);
      assert.equal(((await response.json()) as { status: number }).status, status);
    }
  });
});
