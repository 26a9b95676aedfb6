/** Suites that take minutes: they run when what they test has changed since they passed here, and always with CI=true or by name. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fingerprint, root } from "../demo/setup.mjs";

/**
 * A test file -> what of ours it runs on beside itself, all of src and what follows: what ships is bundled from many folders,
 * and one that a list forgets would leave a test out that has to fail.
 */
const INPUTS = {
  "e2e/back-forward.test": ["demo"],
  "e2e/many-tabs.test": ["demo"],
  "e2e/mounts.test": ["demo"],
  "e2e/policies.test": ["demo", "README.md"],
  "simulation/mutations.test": ["test/simulation", "test/hub"],
};
const COMMON = ["src", "test/support", "demo/setup.mjs"];
const FILES = ["rollup.config.mjs", "tsconfig.json", "package.json", "package-lock.json"];
const PASSED = join(root, ".cache", "passed.json");

const nameOf = (path) => path.replace(/^build\/test\/(.*)\.js$/, "$1");

function read() {
  try {
    return JSON.parse(readFileSync(PASSED, "utf8"));
  } catch {
    return {};
  }
}

const inputsOf = (name) => fingerprint([...INPUTS[name], ...COMMON], [...FILES, `test/${name}.ts`]);

/** Whether the test file, by its path in build/, may be left out. */
export function isUnchanged(path) {
  const name = nameOf(path);
  return Object.hasOwn(INPUTS, name) && read()[name] === inputsOf(name);
}

/** Keeps that these have passed. */
export function keepPassed(paths) {
  const names = paths.map(nameOf).filter((name) => Object.hasOwn(INPUTS, name));
  if (!names.length) return;
  mkdirSync(dirname(PASSED), { recursive: true });
  const passed = Object.fromEntries(names.map((name) => [name, inputsOf(name)]));
  writeFileSync(PASSED, JSON.stringify({ ...read(), ...passed }));
}
