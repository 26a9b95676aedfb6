/** The starter behind `npm run bench`: sets up, then prints each table. `npm run bench -- failover tabs` prints those two. */
import { spawnSync } from "node:child_process";
import { bundle, compile, install, root } from "../../demo/setup.mjs";

/** From the quickest to the slowest; each is a file of its own beside this one, and a process of its own. */
const tables = ["sizes", "throughput", "main-thread", "latency", "transcript", "memory", "tabs", "failover"];

const fail = (text) => {
  console.error(text);
  process.exit(1);
};

const words = process.argv.slice(2);
const unknown = words.filter((word) => !tables.includes(word));
if (unknown.length) fail(`There is no table ${unknown.join(", ")}. There are: ${tables.join(" ")}.`);

process.chdir(root);
if (!install()) fail("The packages could not be installed. See above.");
if (!compile() || !bundle()) fail("The project could not be built. See above.");

const { advice, obtainEngines } = await import("../../build/test/support/browsers.js");
if (!obtainEngines(["chromium"]).length) fail(`No Chromium. ${advice.chromium}`);

let failed = 0;
for (const table of tables.filter((name) => !words.length || words.includes(name))) {
  console.log(`\n${table}\n`);
  const { status } = spawnSync(process.execPath, [`build/test/bench/${table}.js`], { stdio: "inherit" });
  if (status !== 0) failed += 1;
}
if (failed) fail(`\n${failed} of the tables could not be measured. See above.`);
