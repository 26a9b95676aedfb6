/** The guest token as the browser reads it: what is no JWT is told from a JWT with a wrong claim, and neither is shown. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findTokenFault } from "../../src/protocols/guest-api/token.ts";
import { TOKEN_MAX } from "../../src/wire/guest-token.ts";
import { START } from "../support/fake-platform.ts";
import { fakeToken } from "../support/guest-api-script.ts";

const fault = (token: string) => findTokenFault(token, START);
const NONE = "guest token: payload is missing or malformed";
const payloadOf = (token: string): string => token.split(".")[1] ?? "";
const jwt = (payload: Buffer | string): string => `e30.${Buffer.from(payload).toString("base64url")}.x`;

describe("a guest token", () => {
  test("is read whatever letters and lengths its base64url has: - and _ and no padding", () => {
    const seen = new Set<string>();
    // One to three bytes more each time: every rest of three, and both letters in which base64url differs.
    for (const note of ["", "?", "??", "???", ">", ">>", ">>>", "~~~>>>???", "\u007f".repeat(5)]) {
      const token = fakeToken(START, 3600, { attributes: { note } });
      assert.equal(fault(token), null, token);
      for (const letter of payloadOf(token).match(/[-_]/g) ?? []) seen.add(letter);
      seen.add(`rest ${payloadOf(token).length % 4}`);
    }
    assert.deepEqual([...seen].sort(), ["-", "_", "rest 0", "rest 2", "rest 3"]);
  });

  test("is read as UTF-8: what is as long as a name may be, is not too long in bytes", () => {
    // 128 characters of two bytes each: read byte for byte they would be 256, and the claim refused.
    assert.equal(fault(fakeToken(START, 3600, { sub: "ü".repeat(128) })), null);
    assert.equal(fault(fakeToken(START, 3600, { sub: "😀".repeat(64), attributes: { city: "Kraków" } })), null);
    assert.match(fault(fakeToken(START, 3600, { sub: "ü".repeat(129) })) ?? "", /: sub /);
  });

  for (const [what, token] of [
    ["nothing", ""],
    ["a text", "garbage"],
    ["three texts", "a.b.c"],
    ["dots", ".."],
    ["two parts", fakeToken(START).replace(/\.[^.]*$/, "")],
    ["three parts without a signature", fakeToken(START).replace(/[^.]*$/, "")],
    ["four parts", `${fakeToken(START)}.more`],
    ["base64 with padding", fakeToken(START).replace(/\.([^.]*)\./, ".$1=.")],
    ["base64 with the letters of base64", jwt('{"a":"???>>>~~~"}').replace(/[-_]/g, "/")],
    ["base64url with blanks in it", fakeToken(START).replace(/\./g, ". ")],
    ["base64url of a length that there is not", `e30.${"A".repeat(5)}.x`],
    ["JSON that is none", jwt("{")],
    ["longer than a token is", fakeToken(START, 3600, { attributes: { note: "n".repeat(TOKEN_MAX) } })],
  ] as const) {
    test(`that is ${what} is no JWT`, () => assert.equal(fault(token), NONE));
  }

  for (const [what, payload] of [
    ["null", "null"],
    ["a number", "7"],
    ["a list", "[]"],
  ] as const) {
    test(`whose payload is ${what} has no claims`, () => assert.match(fault(jwt(payload)) ?? "", /: payload /));
  }
});
