/** A process that plays the herd: apart from the test runner, which looks at each of millions of promises. */
import { playHerd } from "./herd.ts";

process.send?.(await playHerd(JSON.parse(process.argv[2] ?? "{}")), () => process.exit());
