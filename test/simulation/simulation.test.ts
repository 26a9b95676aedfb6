/** Thousands of stories of faults, each from a seed: `SEED=7` plays one again, `SEEDS=10000` plays more. */
import { test } from "node:test";
import { runSeed } from "./run.ts";

const { SEED, SEEDS = "200" } = process.env;
const seeds = SEED ? [Number(SEED)] : Array.from({ length: Number(SEEDS) }, (_, index) => index + 1);

test(`nothing is lost, doubled or out of order in ${seeds.length} stories of cuts, deaths, reloads and refreshes`, async () => {
  for (const seed of seeds) await runSeed(seed);
});
