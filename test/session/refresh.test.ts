/** When credentials are refreshed, and timers longer than a browser's. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isFresh, longTimer, refreshTime } from "../../src/session/refresh.ts";
import { createFakePlatform } from "../support/fake-platform.ts";

const MINUTE = 60_000;
const living = (life: number, issuedAt = 1_000_000) => ({
  url: "ws://x",
  secrets: {},
  issuedAt,
  expiresAt: issuedAt + life,
});
const left = (life: number) => 1_000_000 + life - (refreshTime(living(life)) ?? Number.NaN);

describe("credentials", () => {
  test("that live an hour are refreshed when 5 minutes are left", () => {
    assert.equal(left(60 * MINUTE), 5 * MINUTE);
    assert.equal(left(25 * MINUTE), 5 * MINUTE);
  });

  test("that live shorter are refreshed when a fifth is left, so that they are not stale from the start", () => {
    assert.equal(left(20_000), 4_000);
    assert.equal(left(10 * MINUTE), 2 * MINUTE);
  });

  test("whose birth is not known are refreshed when 5 minutes are left", () => {
    const { issuedAt: _, ...rest } = living(60 * MINUTE);
    assert.equal(refreshTime(rest), rest.expiresAt - 5 * MINUTE);
  });

  test("that do not expire are never refreshed", () => {
    const endless = { url: "ws://x", secrets: {}, issuedAt: 0 };
    assert.equal(refreshTime(endless), null);
    assert.equal(isFresh(endless, Number.MAX_SAFE_INTEGER), true);
  });

  test("are fresh up to that moment and not from it on", () => {
    const credentials = living(20_000);
    const time = refreshTime(credentials) as number;
    assert.equal(isFresh(credentials, time - 1), true);
    assert.equal(isFresh(credentials, time), false);
  });

  test("that were dead on arrival are not fresh", () => {
    assert.equal(isFresh(living(0), 1_000_000), false);
    assert.equal(isFresh(living(-5_000), 1_000_000), false);
  });
});

describe("a timer", () => {
  const DAY = 86_400_000;
  /** As a browser's: more than 2^31 - 1 ms is nothing at all. */
  function start(ms: number) {
    const platform = createFakePlatform();
    const { after } = platform.clock;
    platform.clock.after = (delay, callback) => after(delay > 2 ** 31 - 1 ? 0 : delay, callback);
    const calls: number[] = [];
    const cancel = longTimer(platform.clock, ms, () => calls.push(platform.clock.monotonic()));
    return { calls, cancel, platform };
  }

  for (const ms of [0, 1, DAY, 2 ** 31 - 1, 2 ** 31, 90 * DAY]) {
    test(`of ${ms} ms goes off after as many, and once`, async () => {
      const { calls, platform } = start(ms);
      await platform.pass(200 * DAY);
      assert.deepEqual(calls, [ms]);
    });
  }

  test("that is called off does not go off, whenever it is called off", async () => {
    for (const passed of [0, 30 * DAY, 89 * DAY]) {
      const { calls, cancel, platform } = start(90 * DAY);
      await platform.pass(passed);
      cancel();
      assert.equal(platform.timers, 0);
      await platform.pass(200 * DAY);
      assert.deepEqual(calls, []);
    }
  });
});
