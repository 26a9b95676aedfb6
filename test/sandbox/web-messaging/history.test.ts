/** History over REST: a JWT for a minute, pages newest first, a budget, and who gets none. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeJwt } from "jose";
import type { Told } from "../../../src/sandbox/web-messaging/history.ts";
import { readFixture } from "../../support/fixtures.ts";
import { createRestBench, PAGE, type PlatformError } from "./support.ts";

const PATH = "/api/v2/webmessaging/messages";
const PAGE_1 = readFixture("rest/history.page1.response");

interface Page {
  entities: Record<string, unknown>[];
  pageSize: number;
  pageNumber: number;
  total: number;
  pageCount: number;
}

/** Texts 1 to `count`, oldest first, as they went out. */
const say = (count: number): Told[] =>
  Array.from({ length: count }, (_, at) => ({ body: { id: `id-${at + 1}`, type: "Text", text: String(at + 1) } }));

async function begin(...given: Parameters<typeof createRestBench>) {
  const bench = createRestBench(...given);
  const { jwt, exp } = await bench.history.issue("session-1", bench.deployment);
  const ask = (query = "", token = jwt) =>
    bench.call("GET", PATH + query, undefined, { authorization: `bearer ${token}`, origin: PAGE });
  const read = async (query = "") => {
    const response = await ask(query);
    assert.equal(response.status, 200);
    return (await response.json()) as Page;
  };
  return { ...bench, jwt, exp, ask, read };
}

const refusal = async (response: Response): Promise<PlatformError> => {
  assert.deepEqual(
    Object.keys(await response.clone().json()).sort(),
    Object.keys(readFixture("rest/error.response")).sort(),
  );
  return (await response.json()) as PlatformError;
};

describe("the history of a session", () => {
  test("is what went out without its envelope, newest first, and typing is no part of it", async () => {
    const outbound = (path: string): Told => ({ body: readFixture(`server/${path}`).body });
    const told = [
      outbound("event.presenceJoin.inboundEcho"),
      outbound("structuredMessage.text.inboundEcho"),
      outbound("event.typingOn.outbound"),
      outbound("structuredMessage.structured.quickReplyEcho"),
      outbound("structuredMessage.text.outboundAgent"),
    ];
    const { read } = await begin({}, { told });
    const page = await read();
    const byId = (id: string) => PAGE_1.entities.find((entity: { id: string }) => entity.id === id);
    assert.deepEqual(
      page.entities.map(({ id, ...entity }) => ({ ...entity, channel: Object.keys(entity.channel as object).sort() })),
      page.entities.map((entity) => {
        const { id, ...wanted } = byId(entity.id as string);
        return { ...wanted, channel: Object.keys(wanted.channel).sort() };
      }),
    );
    assert.equal(page.entities.length, 4);
    assert.equal(page.entities[0]?.text, "Robin here, let me look.");
    assert.deepEqual([page.total, page.pageCount, page.pageNumber, page.pageSize], [4, 1, 1, 25]);
  });

  test("of a guest who has said nothing is empty, as the platform's own", async () => {
    const { read } = await begin();
    assert.deepEqual(await read(), readFixture("rest/history.empty.response"));
  });

  test("comes 25 a page, or as many as are asked for", async () => {
    const { read } = await begin({}, { told: say(60) });
    const texts = ({ entities }: Page) => [entities.length, entities[0]?.text, entities.at(-1)?.text];
    assert.deepEqual(texts(await read()), [25, "60", "36"]);
    assert.deepEqual(texts(await read("?pageNumber=3&pageSize=25")), [10, "10", "1"]);
    assert.deepEqual(texts(await read("?pageNumber=4")), [0, undefined, undefined]);
    const whole = await read("?pageNumber=1&pageSize=100");
    assert.deepEqual([...texts(whole), whole.pageCount], [60, "60", "1", 1]);
  });

  test("tells the tracing ids of a guest's messages only where a deployment is set to", async () => {
    const told = [{ body: { id: "a", type: "Text", text: "hello" }, tracingId: "t-1" }];
    assert.ok(!("tracingId" in ((await (await begin({}, { told })).read()).entities[0] ?? {})));
    const { read } = await begin({ switches: { tracingIdInHistory: true } }, { told });
    assert.equal((await read()).entities[0]?.tracingId, "t-1");
  });

  for (const query of ["?pageNumber=0", "?pageNumber=x", "?pageSize=-1", "?pageSize=501"]) {
    test(`is refused for ${query}, with 400`, async () => {
      const { ask } = await begin();
      assert.equal((await refusal(await ask(query))).status, 400);
    });
  }

  test("is had ten times in a minute, then 429 says when again", async () => {
    const { ask, clock } = await begin();
    for (let at = 0; at < 10; at++) assert.equal((await ask()).status, 200);
    clock.move(20_000);
    const refused = await ask();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), "40");
    assert.equal((await refusal(refused)).code, "too.many.requests");
    clock.move(39_000);
    assert.equal((await ask()).status, 429);
    clock.move(1000);
    assert.equal((await ask()).status, 401, "the JWT's minute is over too");
  });
});

describe("the JWT for it", () => {
  test("tells in seconds when it runs out, a minute from now, and is good until then", async () => {
    const { jwt, exp, ask, clock } = await begin();
    assert.equal(exp, clock.now() / 1000 + 60);
    assert.equal(decodeJwt(jwt).exp, exp);
    clock.move(59_000);
    assert.equal((await ask()).status, 200);
    clock.move(1000);
    const { status, code } = await refusal(await ask());
    assert.deepEqual([status, code], [401, "bad.credentials"]);
  });

  test("must be there, and one of ours", async () => {
    const { ask, call, history, deployment } = await begin();
    assert.equal((await refusal(await call("GET", PATH))).code, "authentication.required");
    const forged = "eyJhbGciOiJub25lIn0.eyJleHAiOjE5MzYwMDAwNjB9.c2ln";
    assert.equal((await refusal(await ask("", forged))).status, 401);
    const other = await (await begin()).history.issue("session-1", deployment);
    assert.equal((await refusal(await ask("", other.jwt))).status, 401, "another sandbox's");
    const gone = await history.issue("session-2", deployment);
    assert.equal((await refusal(await ask("", gone.jwt))).status, 401, "a session that is gone");
  });

  test("does not help a page of a site that the deployment does not serve", async () => {
    const bench = createRestBench({ allowedDomains: ["else.example"] });
    const { jwt } = await bench.history.issue("session-1", bench.deployment);
    const headers = { authorization: `bearer ${jwt}` };
    assert.equal((await bench.call("GET", PATH, undefined, { ...headers, origin: PAGE })).status, 403);
    assert.equal((await bench.call("GET", PATH, undefined, headers)).status, 200, "who is no page is served");
  });

  test("is no sign-in: the other calls do not take it", async () => {
    const { jwt, call, tokens } = await begin();
    const headers = { authorization: `Bearer ${jwt}` };
    assert.equal((await call("DELETE", "/api/v2/webdeployments/token/revoke", undefined, headers)).status, 401);
    assert.deepEqual(await tokens.verify(jwt), { ok: false, expired: false });
  });
});
