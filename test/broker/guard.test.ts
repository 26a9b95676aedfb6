/** Who may call the broker, and what CORS says to browsers. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SessionAnswer } from "../../src/wire/broker-api.ts";
import { assertProblem, createBench, OTHER, SHOP } from "./support.ts";

const EMBEDDER = "X-Embedder-Origin";

describe("origins", () => {
  const strangers = [
    "https://evil.example",
    "https://shop.example.evil.example",
    "https://evilshop.example",
    "https://sub.shop.example",
    "http://shop.example",
    "https://shop.example:8443",
    "https://shop.example/",
    "null",
    "",
  ];
  for (const origin of strangers) {
    test(`a call from "${origin}" is refused and Genesys is not asked`, async () => {
      const bench = createBench();
      const answer = await bench.ask("/v1/sessions", { origin });
      assert.equal(answer.headers.get("Access-Control-Allow-Origin"), null);
      assert.equal(answer.headers.get("Vary"), "Origin");
      await assertProblem(answer, "origin_not_allowed", 403);
      assert.equal(bench.genesys.tokenCalls.length, 0);
    });
  }

  test("every listed origin gets its own name back, on success and on failure", async () => {
    const bench = createBench();
    for (const origin of [SHOP, OTHER]) {
      for (const body of [{}, { route: "nowhere" }]) {
        const answer = await bench.ask("/v1/sessions", { origin, body });
        assert.equal(answer.headers.get("Access-Control-Allow-Origin"), origin);
        assert.match(answer.headers.get("Vary") ?? "", /Origin/);
        assert.equal(answer.headers.get("Access-Control-Expose-Headers"), "Date,Retry-After");
        assert.equal(answer.headers.get("Access-Control-Allow-Credentials"), null);
      }
    }
  });

  test("a call without an Origin is refused, unless the broker serves one process only", async () => {
    await assertProblem(await createBench().ask("/v1/sessions", { origin: null }), "origin_not_allowed", 403);
    const inside = createBench({ allowNoOrigin: true });
    const answer = await inside.ask("/v1/sessions", { origin: null });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get("Access-Control-Allow-Origin"), null);
    await assertProblem(await inside.ask("/v1/sessions", { origin: "null" }), "origin_not_allowed", 403);
  });

  test("origins may be judged by a function, which is never asked about null", async () => {
    const bench = createBench({ allowedOrigins: (origin) => origin === "null" || /:\d+$/.test(origin) });
    assert.equal((await bench.ask("/v1/sessions", { origin: "http://localhost:4711" })).status, 201);
    await assertProblem(await bench.ask("/v1/sessions", { origin: SHOP }), "origin_not_allowed", 403);
    await assertProblem(await bench.ask("/v1/sessions", { origin: "null" }), "origin_not_allowed", 403);
  });

  test("the page around a hub frame must be listed too", async () => {
    const bench = createBench();
    const ask = (embedder: string) => bench.ask("/v1/sessions", { headers: { "X-Embedder-Origin": embedder } });
    assert.equal((await ask(OTHER)).status, 201);
    for (const embedder of ["https://evil.example", "null", `${OTHER}/`, `${SHOP}, ${OTHER}`]) {
      const answer = await ask(embedder);
      // The frame itself is listed, and can read why.
      assert.equal(answer.headers.get("Access-Control-Allow-Origin"), SHOP);
      await assertProblem(answer, "origin_not_allowed", 403);
      assert.equal(bench.log.findLast(({ event }) => event === "origin_not_allowed")?.fields.reason, EMBEDDER);
    }
  });

  test("a frame whose own origin is not listed is refused, whatever page it names", async () => {
    const call = { origin: "https://evil.example", headers: { [EMBEDDER]: SHOP } };
    const answer = await createBench().ask("/v1/sessions", call);
    assert.equal(answer.headers.get("Access-Control-Allow-Origin"), null);
    await assertProblem(answer, "origin_not_allowed", 403);
  });

  test("a ticket given to a frame is good in that frame on that site, and nowhere else", async () => {
    const bench = createBench();
    const { ticket } = await bench.start({}, { [EMBEDDER]: OTHER });
    const refresh = (origin: string, embedder?: string) => {
      const headers = { Authorization: `Bearer ${ticket}`, ...(embedder && { [EMBEDDER]: embedder }) };
      return bench.ask("/v1/sessions/refresh", { origin, headers });
    };
    await assertProblem(await refresh(SHOP), "ticket_invalid", 401);
    await assertProblem(await refresh(OTHER), "ticket_invalid", 401);
    await assertProblem(await refresh(SHOP, SHOP), "ticket_invalid", 401);
    // Any listed page can write the header; its Origin it cannot.
    await assertProblem(await refresh(OTHER, OTHER), "ticket_invalid", 401);
    assert.equal((await refresh(SHOP, OTHER)).status, 200);
  });

  test("one key for two sites is two sessions: a frame's call is repeated only by itself", async () => {
    const bench = createBench();
    const begin = async (embedder: string) => {
      const headers = { [EMBEDDER]: embedder, "Idempotency-Key": "key-1" };
      return ((await (await bench.ask("/v1/sessions", { headers, body: {} })).json()) as SessionAnswer).guestId;
    };
    const first = await begin(SHOP);
    assert.equal(await begin(SHOP), first);
    assert.notEqual(await begin(OTHER), first);
  });
});

describe("preflight", () => {
  const preflight = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type" };

  test("a listed origin is told what it may send", async () => {
    const bench = createBench();
    const answer = await bench.ask("/v1/sessions/refresh", { method: "OPTIONS", headers: preflight });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get("Access-Control-Allow-Origin"), SHOP);
    assert.equal(
      answer.headers.get("Access-Control-Allow-Headers"),
      "Authorization,Content-Type,Idempotency-Key,X-Embedder-Origin",
    );
    assert.equal(answer.headers.get("Access-Control-Allow-Methods"), "POST,PUT,DELETE");
    assert.equal(answer.headers.get("Access-Control-Max-Age"), "600");
    assert.match(answer.headers.get("Vary") ?? "", /Origin/);
  });

  test("a stranger is told nothing", async () => {
    const bench = createBench();
    const answer = await bench.ask("/v1/sessions", { method: "OPTIONS", origin: "https://evil.example" });
    assert.deepEqual(
      [...answer.headers.keys()].filter((name) => name.startsWith("access-control")),
      [],
    );
    await assertProblem(answer, "origin_not_allowed", 403);
  });
});
