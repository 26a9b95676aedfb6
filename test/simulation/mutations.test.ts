/** The stories bite: each deliberate mistake is noticed, and after how many seeds is printed. */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { after, describe, test } from "node:test";
import { createScratch } from "./mutate.ts";
import { MUTATIONS } from "./mutations.ts";

const SEEDS = 2_000;

describe("a mistake is noticed within 2,000 stories", { concurrency: availableParallelism() }, () => {
  const free = Array.from({ length: availableParallelism() }, createScratch);
  const all = [...free];
  after(() => {
    for (const scratch of all) scratch.remove();
  });
  for (const mutation of MUTATIONS) {
    test(mutation.name, async () => {
      const scratch = free.pop() as (typeof all)[number];
      try {
        const found = await scratch.play(mutation, SEEDS);
        assert.ok(found, `${mutation.file}: no story has noticed it`);
        const [, reason = ""] = /\n((?:G\d|tab \d).*)/.exec(found.fault) ?? [];
        console.log(`  ${String(found.seed).padStart(5)} seeds  ${mutation.name}: ${reason}`);
      } finally {
        free.push(scratch);
      }
    });
  }
});
