/** The broker stays below what Genesys allows in a minute. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPace } from "../../src/broker/genesys/pace.ts";
import { Refusal } from "../../src/broker/problem.ts";
import { assertProblem, createBench, createFakeClock } from "./support.ts";

for (const perMinute of [2, 10, 200, 5_000]) {
  test(`never more than ${perMinute} calls go out in any minute, and most of them do`, async () => {
    const clock = createFakeClock();
    const pace = createPace(perMinute, clock);
    const times: number[] = [];
    const total = perMinute * 2;
    for (let i = 0; i < total; i++) {
      await pace.take(Number.POSITIVE_INFINITY);
      times.push(clock.monotonic());
    }
    const worst = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
    assert(worst <= perMinute, `${worst}`);
    const minutes = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 60_000;
    assert(total / minutes >= perMinute * 0.85);
  });
}

test("calls that come together go out in turn", async () => {
  const clock = createFakeClock();
  const pace = createPace(60, clock);
  const times = await Promise.all(
    Array.from({ length: 8 }, async () => {
      await pace.take(Number.POSITIVE_INFINITY);
      return Math.round(clock.monotonic() - 5_000);
    }),
  );
  assert.deepEqual(times, [0, 0, 0, 0, 0, 0, 1176, 2353]);
});

test("a call whose turn comes too late is told when to come back, and takes no place in the queue", async () => {
  const clock = createFakeClock();
  const pace = createPace(10, clock);
  await pace.take(clock.monotonic());
  for (let i = 0; i < 5; i++) {
    await assert.rejects(
      pace.take(clock.monotonic() + 5_000),
      (error) => error instanceof Refusal && Math.round(error.retryAfterMs ?? 0) === 7_059,
    );
  }
  clock.pass(7_059);
  await pace.take(clock.monotonic());
});

test("calls already queued wait out a pause that Genesys asks for meanwhile", async () => {
  const clock = createFakeClock();
  const pace = createPace(10, clock);
  await pace.take(0);
  const queued = pace.take(Number.POSITIVE_INFINITY);
  pace.hold(30_000);
  await queued;
  assert(clock.monotonic() - 5_000 >= 30_000);
});

test("a rush of pages is queued for seconds and then sent away with a time, without a 429 from Genesys", async () => {
  const bench = createBench({ perMinute: 60 });
  const answers = await Promise.all(Array.from({ length: 30 }, () => bench.ask("/v1/sessions")));
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(answers.filter(({ status }) => status === 201).length, bench.genesys.guestCalls.length);
  assert(bench.genesys.guestCalls.length >= 5);
  assert(refused.length >= 15);
  for (const answer of refused) {
    const { retryAfter = 0 } = await assertProblem(answer, "upstream_rate_limited", 429);
    assert(retryAfter > 5 && retryAfter < 8, `${retryAfter}`);
  }
});
