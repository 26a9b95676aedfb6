/** When credentials are refreshed, and timers longer than a browser's. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isFresh, refreshTime } from "../../src/session/refresh.ts";
import { createFakePlatform } from "../support/fake-platform.ts";
import { problem, sessionAnswer, startScene } from "../support/guest-api-script.ts";

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

test("a token that lives longer than a browser's longest timer is neither renewed at once nor every moment (row 22)", async () => {
  const platform = createFakePlatform();
  const { after } = platform.clock;
  const delays: number[] = [];
  platform.clock.after = (ms, callback) => {
    delays.push(ms);
    return after(ms, callback);
  };
  platform.answer = () => sessionAnswer(platform, { seconds: 90 * 86_400 });
  const { ask, goLive } = await startScene({ platform });
  await ask({ type: "open" });
  await goLive();
  assert.equal(Math.max(...delays), 2 ** 31 - 1);
  await platform.wake();
  await platform.pass(60_000);
  const asked = platform.requests.filter(({ url }) => /\/v1\/sessions/.test(url));
  assert.equal(asked.length, 1);
});

test("a broker that is asked for fresh credentials and wants to be left alone is not asked before", async () => {
  const platform = createFakePlatform();
  platform.answer = () => sessionAnswer(platform, { seconds: 100 });
  const { ask, goLive } = await startScene({ platform });
  await ask({ type: "open" });
  await goLive();
  const refreshes = () => platform.requests.filter(({ url }) => url.endsWith("/refresh")).length;
  platform.answer = () => problem(503, "upstream_unavailable", { retryAfter: 15 });
  await platform.pass(80_000);
  assert.equal(refreshes(), 1);
  await platform.pass(14_900);
  assert.equal(refreshes(), 1, "within the 15 s that were asked for");
  await platform.pass(15_100);
  assert.equal(refreshes(), 2);
});
