/** Durations: what a hub has seen of a session on a machine that was awake, whatever clocks and timers do. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Clock } from "../../../src/session/platform.ts";
import { createFakePlatform } from "../../support/fake-platform.ts";
import { type Bench, happens, startLive, startLog } from "./activity-bench.ts";

function durations({ log }: Bench) {
  const { duration_ms, connected_ms, visible_ms } = log.metrics();
  return [duration_ms, connected_ms, visible_ms];
}

describe("durations", () => {
  test("are of the session, its connections, and the chat in sight", async () => {
    const bench = await startLive();
    const { log, platform } = bench;
    log.visible(true);
    await platform.pass(20_000);
    log.observe(happens.lost());
    await platform.pass(10_000);
    log.visible(false);
    await platform.pass(5_000);
    log.observe(happens.live);
    await platform.pass(1_500);
    assert.deepEqual(durations(bench), [36_500, 21_500, 30_000]);
  });

  test("begin with the session, and end with the conversation", async () => {
    const bench = await startLog();
    const { log, platform } = bench;
    log.visible(true);
    log.observe(happens.connecting);
    await platform.pass(7_000);
    log.note("session_started", { duration_ms: 0 });
    log.observe(happens.live);
    await platform.pass(1_000);
    log.observe(happens.ended);
    await platform.pass(50_000);
    assert.deepEqual(durations(bench), [1_000, 1_000, 1_000]);
  });

  test("go on after a reload, without the time in which there was no hub", async () => {
    const first = await startLive();
    first.log.visible(true);
    await first.platform.pass(45_000);
    const second = await first.restart();
    await second.platform.pass(3_600_000);
    second.log.note("session_resumed");
    await second.platform.pass(10_000);
    second.log.observe(happens.live);
    await second.platform.pass(5_000);
    assert.deepEqual(durations(second), [60_000, 50_000, 45_000]);
  });

  test("lose at most half a minute when the hub is killed", async () => {
    const first = await startLive();
    await first.platform.pass(59_000);
    const second = await first.restart("crash");
    assert.deepEqual(durations(second), [30_000, 30_000, 0]);
  });

  test("do not count the machine's sleep, whether the clock went on in it or stood still", async () => {
    const bench = await startLive();
    const { log, platform } = bench;
    await platform.pass(40_000);
    platform.sleep(8 * 3_600_000);
    await platform.pass(5_000);
    const counted = durations(bench)[0] ?? 0;
    // Of the moments between the last look and the sleep nobody can tell.
    assert.ok(counted >= 35_000 && counted <= 45_000, `${counted}`);
    platform.jump(8 * 3_600_000);
    await platform.pass(60_000);
    assert.equal(durations(bench)[0], counted + 60_000);
    log.observe(happens.lost());
    assert.deepEqual(log.metrics().logs.at(-2)?.details, { duration_ms: counted + 60_000 });
  });

  test("count all of a page in the background, whose timers a browser fires once a minute", async () => {
    const platform = createFakePlatform();
    const clock: Clock = {
      ...platform.clock,
      after: (ms, callback) => platform.clock.after(Math.ceil(ms / 60_000) * 60_000, callback),
    };
    const bench = await startLive({ platform, clock });
    await platform.pass(3_600_000);
    assert.deepEqual(durations(bench), [3_600_000, 3_600_000, 0]);
    assert.equal(bench.reported().length, 3);
  });

  test("are right when the wall clock is set, an hour forward or a day back", async () => {
    const bench = await startLive();
    for (const jump of [3_600_000, -86_400_000]) {
      bench.platform.jump(jump);
      await bench.platform.pass(30_000);
    }
    assert.deepEqual(durations(bench), [60_000, 60_000, 0]);
    assert.deepEqual(
      bench.reports.map(({ durationMs }) => durationMs),
      [30_000],
    );
  });
});

describe("the time to the first answer", () => {
  test("runs from the guest's first message to the first of an agent or bot", async () => {
    const { log, platform } = await startLive();
    log.observe(happens.received("bot"));
    await platform.pass(9_000);
    log.observe(happens.sent());
    await platform.pass(4_000);
    log.observe(happens.sent());
    log.observe(happens.received("system"));
    log.observe(happens.received("guest"));
    assert.equal(log.metrics().first_answer_ms, undefined);
    await platform.pass(3_000);
    log.observe(happens.received("agent"));
    await platform.pass(3_000);
    log.observe(happens.received("agent"));
    assert.equal(log.metrics().first_answer_ms, 7_000);
    assert.equal(log.metrics().logs.filter(({ event }) => event === "first_answer_received").length, 1);
  });

  test("goes on over a reload, and is told only once", async () => {
    const first = await startLive();
    first.log.observe(happens.sent());
    await first.platform.pass(2_000);
    const second = await first.restart();
    second.log.note("session_resumed");
    await second.platform.pass(1_000);
    second.log.observe(happens.received());
    const third = await second.restart();
    third.log.observe(happens.received());
    assert.equal(third.log.metrics().first_answer_ms, 3_000);
    assert.equal(third.log.metrics().logs.filter(({ event }) => event === "first_answer_received").length, 1);
  });

  test("is another one in another session", async () => {
    const { log, platform } = await startLive();
    log.observe(happens.sent());
    log.observe(happens.received());
    log.note("session_started", { duration_ms: 0 });
    assert.equal(log.metrics().first_answer_ms, undefined);
    log.observe(happens.sent());
    await platform.pass(500);
    log.observe(happens.received());
    assert.equal(log.metrics().first_answer_ms, 500);
  });
});
