/** A process that plays seeds: apart from the test runner, which looks at each of millions of promises. */
import { findFault } from "./seed.ts";

const [from = "1", step = "1", to = "1", shrink = "shrink"] = process.argv.slice(2);

for (let seed = Number(from); seed <= Number(to); seed += Number(step)) {
  const fault = await findFault(seed, shrink === "shrink");
  if (fault === null) continue;
  process.send?.({ seed, fault });
  process.stdout.write(process.send ? "" : `${fault}\n`);
  break;
}
process.exit();
