/** The licenses of what is bundled go along with the bundles. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { distFiles, readDist } from "./support/dist.ts";

test("the licenses of every bundled package are in dist/LICENSES.txt", () => {
  const notices = readDist("LICENSES.txt");
  for (const name of ["lit-html", "lit-element", "@lit/reactive-element"]) {
    assert.match(notices, new RegExp(`(?<![\\w-])${name} \\d`), name);
  }
  assert.ok(notices.includes("Google LLC"));
});

test("a package that is not bundled is not claimed to be", () => {
  assert.ok(distFiles().includes("LICENSES.txt"));
  assert.doesNotMatch(readDist("LICENSES.txt"), /^(hono|jose|pino|ws|valibot) \d/m);
});
