/** What a guest has to fetch stays small: ceilings in KiB (1,024 bytes), brotli. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brotliBytes, distFiles, lazyImports, readDist, withImports } from "./support/dist.ts";

/** A chunk that the worker imports when it runs, by the name that rollup gives it. */
function lazyChunk(name: string): string {
  const chunk = withImports("worker.js")
    .flatMap(lazyImports)
    .find((file) => file.startsWith(`${name}-`));
  assert.ok(chunk, `worker.js imports no chunk ${name}-*.js`);
  return chunk;
}

const ceilings: [what: string, ceiling: number, files: () => string[]][] = [
  ["the loader", 1.3, () => withImports("loader.js")],
  ["the element, with all it needs to show an open chat", 16, () => withImports("element.js")],
  ["the worker with the guest API", 10, () => withImports("worker.js", lazyChunk("guest-api"))],
  ["the activity log, which comes beside them", 1.25, () => [lazyChunk("activity-log")]],
  ["the hub frame, before its worker", 2.25, () => withImports("hub.js")],
  ["a page's manager, without the worker", 4, () => withImports("manager.js")],
];

describe("sizes", () => {
  for (const [what, ceiling, files] of ceilings) {
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
