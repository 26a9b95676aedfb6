/** What a browser tells of its session: written to the log once, and nothing that could be anybody's words. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LOG_FIELDS } from "../../src/broker/log.ts";
import { ACTIVITY_DETAILS, ACTIVITY_EVENTS } from "../../src/wire/activity.ts";
import type { SessionAnswer } from "../../src/wire/broker-api.ts";
import type { ProfileAnswer } from "../../src/wire/profile.ts";
import { createProviderBench, ISSUER } from "./provider-bench.ts";
import { assertProblem, type Bench, createBench, OTHER } from "./support.ts";

const entry = (seq: number, more: Record<string, unknown> = {}) => ({
  seq,
  timestamp: "2026-11-22T12:00:00.000Z",
  event: "ws_connected",
  details: {},
  ...more,
});
const report = (...entries: unknown[]) => ({ durationMs: 90_000, entries });
const linesOf = ({ log }: Bench) => log.filter(({ event }) => event === "activity").map(({ fields }) => fields);
const seqsOf = (bench: Bench) => linesOf(bench).map(({ seq }) => seq);

describe("activity", () => {
  test("becomes one log line an entry, in order, under the session", async () => {
    const bench = createBench();
    const { ticket, sessionId } = await bench.start();
    const details = { code: 1006, duration_ms: 1234.5, reason: "CHAT_OFFLINE" };
    const entries = [entry(2, { event: "ws_disconnected", details }), entry(1)];
    const answer = await bench.report(ticket, report(...entries));
    assert.equal(answer.status, 204);
    assert.equal(await answer.text(), "");
    const line = { session: sessionId, timestamp: "2026-11-22T12:00:00.000Z", durationMs: 90_000 };
    assert.deepEqual(linesOf(bench), [
      { ...line, seq: 1, activity: "ws_connected" },
      { ...line, seq: 2, activity: "ws_disconnected", ...details },
    ]);
  });

  test("takes every event and detail that the wire knows, and the command's logger writes them", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    const details = Object.fromEntries(
      ACTIVITY_DETAILS.map((name) => [name, name === "provider_id" ? ISSUER : "word"]),
    );
    const entries = ACTIVITY_EVENTS.map((event, index) => entry(index + 1, { event, details }));
    assert.equal((await bench.report(ticket, report(...entries))).status, 204);
    assert.equal(linesOf(bench).length, ACTIVITY_EVENTS.length);
    const fields: readonly string[] = LOG_FIELDS;
    for (const name of [...Object.keys(linesOf(bench)[0] ?? {}), ...ACTIVITY_DETAILS])
      assert(fields.includes(name), name);
  });

  test("that was sent before is dropped, also when it comes along with new", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    await bench.report(ticket, report(entry(1), entry(2)));
    await bench.report(ticket, report(entry(1), entry(2)));
    await bench.report(ticket, report(entry(2), entry(3), entry(3), entry(7)));
    assert.deepEqual(seqsOf(bench), [1, 2, 3, 7]);
  });

  test("that is sent twice at the same time is written once", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    const answers = await Promise.all([1, 2, 3].map(() => bench.report(ticket, report(entry(1), entry(2)))));
    assert(answers.every(({ status }) => status === 204));
    assert.deepEqual(seqsOf(bench), [1, 2]);
  });

  test("keeps its session and its numbers through a refresh, so that a lost answer repeats nothing", async () => {
    const bench = createBench();
    const { ticket, sessionId } = await bench.start();
    await bench.report(ticket, report(entry(1), entry(2)));
    const next = (await (await bench.refresh(ticket)).json()) as SessionAnswer;
    await bench.report(next.ticket, report(entry(1), entry(2), entry(3, { event: "token_refreshed" })));
    await bench.report(ticket, report(entry(3), entry(4)));
    assert.deepEqual(seqsOf(bench), [1, 2, 3, 4]);
    assert.deepEqual([...new Set(linesOf(bench).map(({ session }) => session))], [sessionId]);
  });

  test("of two sessions is counted apart", async () => {
    const bench = createBench();
    for (const { ticket } of [await bench.start(), await bench.start()]) await bench.report(ticket, report(entry(1)));
    assert.deepEqual(seqsOf(bench), [1, 1]);
  });

  test("of a session that was ended is still taken: its last entries come after its end", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    await bench.end(ticket);
    const last = report(entry(1, { event: "session_terminated" }));
    assert.equal((await bench.report(ticket, last)).status, 204);
    assert.deepEqual(seqsOf(bench), [1]);
  });

  test("is not lost when the store was out of order: the browser sends it again", async () => {
    const kept = new Map<string, string>();
    let isDown = true;
    const bench = createBench({
      store: {
        get: async (key) => kept.get(key),
        async set(key, value) {
          if (isDown && key.startsWith("activity:")) throw new Error("down");
          kept.set(key, value);
        },
        delete: async (key) => void kept.delete(key),
      },
    });
    const { ticket } = await bench.start();
    await assertProblem(await bench.report(ticket, report(entry(1))), "internal", 500);
    assert.deepEqual(seqsOf(bench), []);
    isDown = false;
    assert.equal((await bench.report(ticket, report(entry(1)))).status, 204);
    assert.deepEqual(seqsOf(bench), [1]);
  });
});

describe("the provider in an entry", () => {
  const synced = (provider_id: unknown, seq = 1) => entry(seq, { event: "profile_synced", details: { provider_id } });

  test("is logged when it is the configured one, or the one in the ticket", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    await bench.report(ticket, report(synced(ISSUER)));
    const trusting = createBench({ trustCaller: true, delegation: "client-credentials" });
    const session = await trusting.start();
    const body = { providerId: "https://crm.example", email: "canary-person@mail.example" };
    const next = (await (await trusting.sync(session.ticket, body)).json()) as ProfileAnswer;
    await trusting.report(next.ticket, report(synced("https://crm.example")));
    assert.equal(linesOf(bench)[0]?.provider_id, ISSUER);
    assert.equal(linesOf(trusting)[0]?.provider_id, "https://crm.example");
  });

  test("is left out when it is any other", async () => {
    const bench = await createProviderBench();
    const { ticket } = await bench.start();
    const answer = await bench.report(ticket, report(synced("https://canary-person.example/canary-person")));
    assert.equal(answer.status, 204);
    assert.deepEqual(Object.keys(linesOf(bench)[0] ?? {}).includes("provider_id"), false);
  });
});

describe("what is no activity", () => {
  const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnktcGVyc29uIn0.c2ln";
  const bad: [name: string, entry: unknown][] = [
    ["an unknown event", entry(1, { event: "canary-person" })],
    ["an event that every object has", entry(1, { event: "toString" })],
    ["an entry that is none", "canary-person"],
    ["an entry with a field more", entry(1, { text: "canary-person" })],
    ["no details", { ...entry(1), details: undefined }],
    ["details that are a list", entry(1, { details: ["canary-person"] })],
    ["a detail of an unknown name", entry(1, { details: { canary_person: true } })],
    ["a detail inside a detail", entry(1, { details: { reason: { text: "canary-person" } } })],
    ["a sentence", entry(1, { details: { reason: "the canary-person said so" } })],
    ["a token", entry(1, { details: { reason: TOKEN } })],
    ["a ticket's id", entry(1, { details: { reason: crypto.randomUUID() } })],
    ["an e-mail address", entry(1, { details: { type: "canary-person@mail.example" } })],
    ["a telephone number", entry(1, { details: { reason: "+44 20 7946 0000" } })],
    ["a card's number", entry(1, { details: { code: 4_111_111_111_111_111 } })],
    ["an endless number", entry(1, { details: { code: "NaN1" } })],
    ["a word too long", entry(1, { details: { type: "a".repeat(41) } })],
    ["an empty word", entry(1, { details: { type: "" } })],
    ["a line break", entry(1, { details: { type: "a\nb" } })],
    ["an address with a query", entry(1, { details: { provider_id: "https://x.example/?mail=canary-person" } })],
    ["an address in the clear", entry(1, { details: { provider_id: "http://canary-person.example" } })],
    ["a provider that is no address", entry(1, { details: { provider_id: "canary-person" } })],
    ["a time that is none", entry(1, { timestamp: "2026-13-45T99:99:99Z" })],
    ["a time in words", entry(1, { timestamp: "Sun, 22 Nov 2026 12:00:00 GMT" })],
    ["the number 0", entry(0)],
    ["a number that is none", entry(1, { seq: "1" })],
    ["a broken number", entry(1.5)],
    ["a number beyond counting", entry(2 ** 53)],
  ];
  for (const [name, wrong] of bad) {
    test(`${name} is refused, with all that came along, and not repeated to anybody`, async () => {
      const bench = createBench();
      const { ticket } = await bench.start();
      const answer = await bench.report(ticket, report(entry(1), wrong));
      const { detail } = await assertProblem(answer, "invalid_request", 400);
      assert.match(detail ?? "", /^entries: expected entries of /);
      assert.deepEqual(linesOf(bench), []);
    });
  }

  test("no entries, no duration or no object is refused", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    for (const body of [{ durationMs: 1, entries: [] }, { entries: [entry(1)] }, { durationMs: -1 }, "[]", "{"]) {
      await assertProblem(await bench.report(ticket, body), "invalid_request", 400);
    }
  });

  test("more than 16 KB is refused", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    const entries = Array.from({ length: 200 }, (_, index) => entry(index + 1));
    await assertProblem(await bench.report(ticket, report(...entries)), "body_too_large", 413);
  });

  test("no ticket, or another origin's, is refused", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    await assertProblem(await bench.ask("/v1/activity", { body: report(entry(1)) }), "ticket_missing", 401);
    await assertProblem(await bench.report(ticket, report(entry(1)), OTHER), "ticket_invalid", 401);
  });

  test("more than ten reports at once by one session are too many, and no other session waits for it", async () => {
    const bench = createBench();
    const [one, other] = [await bench.start(), await bench.start()];
    for (let seq = 1; seq <= 10; seq++) await bench.report(one.ticket, report(entry(seq)));
    const refused = await bench.report(one.ticket, report(entry(11)));
    assert.equal((await assertProblem(refused, "rate_limited", 429)).retryAfter, 3);
    assert.equal((await bench.report(other.ticket, report(entry(1)))).status, 204);
    bench.clock.pass(3_000);
    assert.equal((await bench.report(one.ticket, report(entry(11)))).status, 204);
  });

  test("any method but POST is refused", async () => {
    const answer = await createBench().ask("/v1/activity", { method: "GET" });
    assert.equal(answer.headers.get("Allow"), "POST");
    await assertProblem(answer, "method_not_allowed", 405);
  });
});
