/** The claims of a guest token: what is missing, malformed or past is named, never shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkGuestClaims } from "../../src/wire/guest-token.ts";

const NOW = 1_000_000_000_000;
const good = { sub: "guest-1", iat: 999_999_000, exp: 1_000_003_600, routing_hints: { queue: "q" }, attributes: {} };

test("claims as the profile has them pass", () => {
  assert.deepEqual(checkGuestClaims(good, NOW), { ok: true, claims: good });
});

for (const [claim, values] of Object.entries({
  sub: [undefined, null, "", 7],
  iat: [undefined, null, "1", Number.NaN, Number.POSITIVE_INFINITY],
  exp: [undefined, null, "1", Number.NaN, Number.POSITIVE_INFINITY],
  routing_hints: [undefined, null, {}, [], "queue", { queue: 1 }],
  attributes: [undefined, null, [], "none"],
})) {
  test(`a token whose ${claim} is missing or malformed is refused by that name`, () => {
    for (const value of values) {
      assert.deepEqual(checkGuestClaims({ ...good, [claim]: value }, NOW), { ok: false, claim });
    }
  });
}

test("a token is good to its last millisecond, and expired after it", () => {
  const end = good.exp * 1000;
  assert.equal(checkGuestClaims(good, end - 1).ok, true);
  assert.deepEqual(checkGuestClaims(good, end), { ok: false, claim: "exp", expired: true });
});

test("what is no object at all is refused", () => {
  for (const claims of [undefined, null, 7, "claims", []]) {
    assert.deepEqual(checkGuestClaims(claims, NOW), { ok: false, claim: "payload" });
  }
});
