/** The licenses of what is bundled go along with the bundles. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { distFiles, readDist } from "./support/dist.ts";

test("the licenses of every bundled package are in dist/LICENSES.txt", () => {
  const notices = readDist("LICENSES.txt");
  for (const name of ["lit-html", "lit-element", "@lit/reactive-element", "idb", "jose"]) {
    assert.match(notices, new RegExp(`(?<![\\w-])${name} \\d`), name);
  }
  for (const owner of ["Google LLC", "Jake Archibald", "Filip Skokan"]) assert.ok(notices.includes(owner), owner);
});

test("a package that is not bundled is not claimed to be", () => {
  assert.ok(distFiles().includes("LICENSES.txt"));
  assert.doesNotMatch(readDist("LICENSES.txt"), /^(hono|pino|ws|valibot) \d/m);
});
