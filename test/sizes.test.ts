/** What a guest has to fetch stays small: ceilings in KiB (1,024 bytes), brotli. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brotliBytes, distFiles, lazyImports, readDist, withImports } from "./support/dist.ts";
import { guestFiles } from "./support/guest-files.ts";

describe("sizes", () => {
  for (const [what, ceiling, files] of guestFiles) {
    test(`${what} is at most ${ceiling} KiB`, () => {
      const list = files();
      const size = brotliBytes(list) / 1024;
      console.log(`  ${size.toFixed(2)} of ${ceiling} KiB: ${list.join(" ")}`);
      assert.ok(size <= ceiling, `${size.toFixed(2)} KiB`);
    });
  }
});

describe("what a browser gets", () => {
  const files = (): string[] => {
    const found = new Set(withImports("loader.js", "element.js", "worker.js", "hub.js"));
    for (const file of found) for (const lazy of lazyImports(file)) for (const one of withImports(lazy)) found.add(one);
    return [...found];
  };

  test("every chunk that is imported is there", () => {
    const there = distFiles();
    assert.deepEqual(
      files().filter((file) => !there.includes(file)),
      [],
    );
  });

  test("no chunk imports the worker's entry: asked for with its version it would run twice, and two hubs have two sockets", () => {
    for (const file of files())
      assert.doesNotMatch(readDist(file), /\b(from|import)\s*\(?\s*["'`]\.\/worker\.js/, file);
  });

  test("no name of an OAuth client secret is in it", () => {
    for (const file of files()) assert.doesNotMatch(readDist(file), /client_?secret/i, file);
  });

  test("Lit's development build is not in it", () => {
    for (const file of files()) assert.doesNotMatch(readDist(file), /Lit is in dev mode|litIssuedWarnings/, file);
  });
});
