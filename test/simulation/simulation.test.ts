/** Thousands of stories of faults, each from a seed: `SEED=7` plays one again, `SEEDS=10000` plays more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { playSeeds } from "./players.ts";

const { SEED, SEEDS = "2000" } = process.env;
/** A test ends after so many, so that none takes longer than a test may. */
const CHUNK = 250;

const first = Number(SEED ?? 1);
const last = Number(SEED ?? SEEDS);

for (let from = first; from <= last; from += CHUNK) {
  const to = Math.min(last, from + CHUNK - 1);
  test(`every guarantee holds in the stories ${from} to ${to} of faults mixed at random (row 87)`, async () => {
    const fault = await playSeeds({ from, to });
    assert.equal(fault, null, fault?.fault);
  });
}
