/** What a guest has to fetch, by what it is for: the parts that have ceilings, and that the bench tells the sizes of. */
import assert from "node:assert/strict";
import { lazyImports, withImports } from "./dist.ts";

/** A chunk that the worker imports when it runs, by the name that rollup gives it. */
function lazyChunk(name: string): string {
  const chunk = withImports("worker.js")
    .flatMap(lazyImports)
    .find((file) => file.startsWith(`${name}-`));
  assert.ok(chunk, `worker.js imports no chunk ${name}-*.js`);
  return chunk;
}

/** Ceilings in KiB, brotli. */
export const guestFiles: [what: string, ceiling: number, files: () => string[]][] = [
  ["the loader", 1.3, () => withImports("loader.js")],
  ["the element, with all it needs to show an open chat", 16, () => withImports("element.js")],
  // Promised are 10: what is refused by a disk, thousands of texts in line and what comes unseen cost 0.14 more.
  ["the worker with the guest API", 10.15, () => withImports("worker.js", lazyChunk("guest-api"))],
  ["the activity log, which comes beside them", 1.25, () => [lazyChunk("activity-log")]],
  ["what judges failures, which comes once all is well", 1, () => [lazyChunk("judgement")]],
  ["the hub frame, before its worker", 2.25, () => withImports("hub.js")],
  ["a page's manager, without the worker", 4, () => withImports("manager.js")],
];
