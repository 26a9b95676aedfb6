/** The judge of failures: every close code, status and timeout has a decision, and the right one. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RetryDecision } from "../../src/chat/event.ts";
import { type Circumstances, ConnectionFailure } from "../../src/session/protocol.ts";
import { judge } from "../../src/session/retry-policy.ts";
import { toClosed } from "../../src/session/socket.ts";

const NONE: Record<number, RetryDecision> = {};
const judged = (circumstances: Circumstances) =>
  judge(new ConnectionFailure("CHAT_UNAVAILABLE", "why", circumstances), NONE, 1_000);

describe("a close", () => {
  test("every code from 1000 to 4999 has a decision and can be told apart from the others (row 7)", () => {
    const causes = new Set<string>();
    for (let code = 1000; code <= 4999; code += 1) {
      const { cause, decision, reason } = judge(toClosed(code, ""), NONE, 0);
      assert.ok(["retry", "stop"].includes(decision.do), String(code));
      assert.match(reason.detail ?? "", new RegExp(String(code)));
      causes.add(cause);
    }
    assert.equal(causes.size, 4000);
  });

  for (const code of [1000, 1001, 1004, 1005, 1006, 1011, 1012, 1013, 1014, 1015]) {
    test(`${code} is tried again for as long as it takes`, () => {
      assert.deepEqual(judge(toClosed(code, ""), NONE, 0).decision, { do: "retry" });
    });
  }

  for (const code of [1002, 1003, 1007, 1009, 1016, 2999, 3000, 4000, 4999]) {
    test(`${code} is tried again three times at most`, () => {
      assert.deepEqual(judge(toClosed(code, ""), NONE, 0).decision, { do: "retry", times: 3 });
    });
  }

  for (const code of [1008, 1010]) {
    test(`${code} is final`, () => {
      assert.deepEqual(judge(toClosed(code, "no"), NONE, 0).decision, { do: "stop" });
    });
  }

  test("a dialect's own codes come first", () => {
    const own: Record<number, RetryDecision> = { 4401: { do: "refresh", times: 1 }, 1006: { do: "stop" } };
    assert.deepEqual(judge(toClosed(4401, ""), own, 0).decision, own[4401]);
    assert.deepEqual(judge(toClosed(1006, ""), own, 0).decision, { do: "stop" });
    assert.deepEqual(judge(toClosed(4403, ""), own, 0).decision, { do: "retry", times: 3 });
  });

  test("those that lost a server that goes away come back spread over time", () => {
    for (const code of [1001, 1012, 1013]) assert.equal(judge(toClosed(code, ""), NONE, 0).load, true);
    for (const code of [1000, 1006, 1011]) assert.equal(judge(toClosed(code, ""), NONE, 0).load, false);
    assert.equal(judge(toClosed(4429, ""), { 4429: { do: "retry", load: true } }, 0).load, true);
  });
});

describe("an answer of the broker", () => {
  for (const status of [undefined, 408, 429, 500, 502, 503, 504]) {
    test(`${status ?? "none at all"} is tried again for as long as it takes`, () => {
      assert.deepEqual(judged({ status }).decision, { do: "retry" });
    });
  }

  for (const status of [301, 400, 401, 403, 404, 405, 413, 422]) {
    test(`${status} is final, with the broker's reason`, () => {
      const { decision, reason } = judged({ status });
      assert.equal(decision.do, "stop");
      assert.deepEqual(reason, { code: "CHAT_UNAVAILABLE", detail: "why" });
    });
  }

  test("a pause that it asks for is kept, and taken as load", () => {
    const { load, retryAfter } = judged({ status: 429, retryAfter: 3_000 });
    assert.deepEqual({ load, retryAfter }, { load: true, retryAfter: 3_000 });
  });

  test("a pause that only a header asks for is kept: in seconds, or until a date; nonsense is none (row 37)", () => {
    const paused = (retryAfter: string | null) => judged({ status: 503, retryAfter }).retryAfter;
    assert.equal(paused("20"), 20_000);
    assert.equal(paused(new Date(61_000).toUTCString()), 60_000);
    assert.equal(paused(new Date(0).toUTCString()), 0);
    for (const none of [null, "", "soon"]) assert.equal(paused(none), undefined);
  });

  test("a dialect that knows better is followed", () => {
    assert.deepEqual(judged({ status: 401, decision: { do: "new-session", times: 3 } }).decision, {
      do: "new-session",
      times: 3,
    });
  });
});

test("different decisions are counted apart: timeouts before it do not use up the one refresh", () => {
  const timeout = judge(new ConnectionFailure("CHAT_CONNECTION_LOST", "no answer to handshake", {}), NONE, 0);
  const refresh = judge(
    new ConnectionFailure("CHAT_CONNECTION_LOST", undefined, { decision: { do: "refresh", times: 1 } }),
    NONE,
    0,
  );
  assert.notEqual(timeout.cause, refresh.cause);
});

test("what was not foreseen neither kills the chat nor hammers the server", () => {
  for (const error of [new TypeError("x is not a function"), "text", undefined]) {
    const { decision, reason } = judge(error, NONE, 0);
    assert.deepEqual(decision, { do: "retry", times: 3 });
    assert.equal(reason.code, "CHAT_INTERNAL");
  }
});
