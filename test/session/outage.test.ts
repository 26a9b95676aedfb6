/** An outage: what is tried next, how long is waited before it, and what the guest is told. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RetryDecision } from "../../src/chat/event.ts";
import { backoff, spread } from "../../src/session/backoff.ts";
import { createOutage } from "../../src/session/outage.ts";
import type { Verdict } from "../../src/session/retry-policy.ts";

const half = () => 0.5;
const verdict = (part: Partial<Verdict> = {}): Verdict => ({
  decision: { do: "retry" },
  reason: { code: "CHAT_CONNECTION_LOST", detail: "close 1006" },
  cause: "1006",
  load: false,
  unopened: false,
  ...part,
});
const unopened = verdict({ unopened: true });

describe("how long is waited", () => {
  test("anything between nothing and a ceiling that doubles up to 30 s", () => {
    const ceilings = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
    for (const [attempt, ceiling] of ceilings.entries()) {
      assert.equal(backoff(attempt, 0), 0);
      assert.equal(backoff(attempt, 1), ceiling);
      assert.equal(backoff(attempt, 0.25), ceiling / 4);
    }
    assert.equal(backoff(10_000, 1), 30_000);
    assert.equal(backoff(10_000, 1, true), 120_000);
  });

  test("once to twice of what a server asked for, so that all that it lost do not come back at once", () => {
    assert.equal(spread(4_000, 0), 4_000);
    assert.equal(spread(4_000, 0.5), 6_000);
    assert.equal(spread(undefined, 0), 10_000);
    assert.equal(spread(-5, 0.5), 0);
    assert.equal(spread(86_400_000, 0), 900_000, "no server may put a guest off for a day");
  });

  test("each failure waits longer than the one before, and load as long as it asks", () => {
    const outage = createOutage(half);
    const waits = [0, 1, 2, 3].map(() => outage.follow(verdict()).waitMs);
    assert.deepEqual(waits, [250, 500, 1_000, 2_000]);
    assert.equal(outage.follow(verdict({ load: true, retryAfter: 3_000 })).waitMs, 4_500);
  });
});

describe("how often is tried", () => {
  const thrice: RetryDecision = { do: "retry", times: 3 };

  test("what may be tried three times stops at the fourth, with its reason", () => {
    const outage = createOutage(half);
    const steps = [1, 2, 3, 4].map(() => outage.follow(verdict({ decision: thrice })));
    assert.deepEqual(
      steps.map((step) => step.do),
      ["retry", "retry", "retry", "stop"],
    );
    assert.deepEqual(steps[3]?.reason, { code: "CHAT_CONNECTION_REFUSED", detail: "close 1006" });
  });

  test("each cause is counted by itself", () => {
    const outage = createOutage(half);
    const follow = (cause: string) => outage.follow(verdict({ decision: { do: "refresh", times: 1 }, cause })).do;
    assert.deepEqual([follow("4401"), follow("other"), follow("4401")], ["refresh", "refresh", "stop"]);
  });

  test("a stop is followed at once, with the reason that came with it", () => {
    const reason = { code: "CHAT_NOT_ALLOWED" } as const;
    const step = createOutage(half).follow(verdict({ decision: { do: "stop" }, reason }));
    assert.deepEqual({ do: step.do, reason: step.reason }, { do: "stop", reason });
  });

  test("a close that is final is told as a refusal, with its code", () => {
    const step = createOutage(half).follow(verdict({ decision: { do: "stop" } }));
    assert.deepEqual(step.reason, { code: "CHAT_CONNECTION_REFUSED", detail: "close 1006" });
  });

  test("what may be tried for ever is", () => {
    const outage = createOutage(half);
    for (let i = 0; i < 500; i += 1) assert.equal(outage.follow(verdict()).do, "retry");
  });
});

describe("sockets that never open", () => {
  const follow = (count: number, outage = createOutage(half)) =>
    Array.from({ length: count }, () => outage.follow(unopened));

  test("after two of them the credentials are asked about once, whatever comes after", () => {
    assert.deepEqual(
      follow(8).map((step) => step.do),
      ["retry", "refresh", "retry", "retry", "retry", "retry", "retry", "retry"],
    );
  });

  test("from the third on the guest is told that this network blocks live chat", () => {
    assert.deepEqual(
      follow(5).map(({ reason }) => reason.code),
      [
        "CHAT_CONNECTION_LOST",
        "CHAT_CONNECTION_LOST",
        "CHAT_SOCKET_BLOCKED",
        "CHAT_SOCKET_BLOCKED",
        "CHAT_SOCKET_BLOCKED",
      ],
    );
  });

  test("one that opened in between clears the suspicion", () => {
    const outage = createOutage(half);
    follow(2, outage);
    outage.follow(verdict());
    const steps = follow(3, outage);
    assert.deepEqual(
      steps.map((step) => step.do),
      ["retry", "retry", "retry"],
    );
    assert.equal(steps[1]?.reason.code, "CHAT_CONNECTION_LOST");
    assert.equal(steps[2]?.reason.code, "CHAT_SOCKET_BLOCKED");
  });
});
