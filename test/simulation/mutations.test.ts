/** The stories bite: each deliberate mistake is noticed, and after how many seeds is printed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createScratch } from "./mutate.ts";
import { MUTATIONS } from "./mutations.ts";

const SEEDS = 2_000;
/** By the mistake's name, the seed that has last noticed it. */
const known: Record<string, number> = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../../test/simulation/noticed.json", import.meta.url)), "utf8"),
);

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
        const found = await scratch.play(mutation, SEEDS, known[mutation.name]);
        assert.ok(found, `${mutation.file}: no story has noticed it`);
        const [, reason = ""] = /\n((?:G\d|tab \d).*)/.exec(found.fault) ?? [];
        const isKnown = found.seed === known[mutation.name];
        const advice = isKnown ? "" : " (put it into noticed.json: it is sought in all of them)";
        console.log(`  seed ${String(found.seed).padStart(4)}  ${mutation.name}: ${reason}${advice}`);
      } finally {
        free.push(scratch);
      }
    });
  }
});
