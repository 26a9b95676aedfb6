/** What a guest has to fetch, by what it is for: the parts that have ceilings, and that the bench tells the sizes of. */
import assert from "node:assert/strict";
import { lazyImports, withImports } from "./dist.ts";

/** A chunk that `entry` imports when it runs, by the name that rollup gives it. */
function lazyChunk(name: string, entry = "worker.js"): string {
  const chunk = withImports(entry)
    .flatMap(lazyImports)
    .find((file) => file.startsWith(`${name}-`));
  assert.ok(chunk, `${entry} imports no chunk ${name}-*.js`);
  return chunk;
}

/** Ceilings in KiB, brotli. */
export const guestFiles: [what: string, ceiling: number, files: () => string[]][] = [
  ["the loader", 1.3, () => withImports("loader.js")],
  ["the element, with all it needs to show an open chat", 16, () => withImports("element.js")],
  [
    "what a chat shows once it goes on, which comes as soon as all is well",
    1.5,
    () => [lazyChunk("later", "element.js")],
  ],
  ["links and Markdown in a text", 2.25, () => withImports(lazyChunk("text", "element.js"))],
  ["cards and files in messages", 4.25, () => withImports(lazyChunk("rich", "element.js"))],
  ["pickers and forms", 6, () => withImports(lazyChunk("pickers", "element.js"))],
  ["files on their way up", 2.5, () => withImports(lazyChunk("uploads", "element.js"))],
  ["the worker with the guest API", 10, () => withImports("worker.js", lazyChunk("worker-guest-api"))],
  ["the worker with web messaging", 16, () => withImports("worker.js", lazyChunk("worker-web-messaging"))],
  ["what reads cards, pickers, forms and files", 1.75, () => [lazyChunk("content", lazyChunk("worker-web-messaging"))]],
  ["what was missed in web messaging", 2, () => [lazyChunk("history", lazyChunk("worker-web-messaging"))]],
  ["the menu and notices of some deployments", 1.5, () => withImports(lazyChunk("extras", "element.js"))],
  ["the activity log, which comes beside them", 1.25, () => [lazyChunk("activity-log", lazyChunk("worker-guest-api"))]],
  [
    "what judges failures, which comes once all is well",
    1.5,
    () => [lazyChunk("judgement", lazyChunk("worker-guest-api"))],
  ],
  ["the hub frame, before its worker", 2.25, () => withImports("hub.js")],
  ["signing in, for pages that offer it", 2.25, () => withImports("sign-in.js")],
  ["the page that a sign-in comes back to", 0.75, () => ["callback.html", ...withImports("callback.js")]],
  ["a page's manager, without the worker", 4, () => withImports("manager.js")],
];
