/** The time that goes by on a machine that is awake. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createStopwatch } from "../../../src/session/activity/stopwatch.ts";
import { createFakePlatform } from "../../support/fake-platform.ts";

test("each look gives the time since the last one, as often as a background page looks: once a minute", async () => {
  const platform = createFakePlatform();
  await platform.pass(5_000);
  const elapsed = createStopwatch(platform.clock);
  assert.equal(elapsed(), 0);
  await platform.pass(60_000);
  assert.equal(elapsed(), 60_000);
  await platform.pass(90_000);
  assert.equal(elapsed(), 90_000);
});

test("time in which nobody could look is sleep, and is not made up for", async () => {
  const platform = createFakePlatform();
  const elapsed = createStopwatch(platform.clock);
  platform.sleep(90_001);
  assert.equal(elapsed(), 0);
  await platform.pass(1_000);
  assert.equal(elapsed(), 1_000);
});

test("a wall clock that is set, forward or back, is no time", async () => {
  const platform = createFakePlatform();
  const elapsed = createStopwatch(platform.clock);
  for (const jump of [86_400_000, -2 * 86_400_000]) {
    platform.jump(jump);
    await platform.pass(10);
    assert.equal(elapsed(), 10);
  }
});

test("parts of milliseconds are not lost, however often one looks", () => {
  let time = 0.25;
  const clock = { ...createFakePlatform().clock, monotonic: () => time };
  const elapsed = createStopwatch(clock);
  let sum = 0;
  for (let look = 0; look < 1_000; look += 1) {
    time += 0.3;
    sum += elapsed();
  }
  assert.equal(sum, 300);
});
