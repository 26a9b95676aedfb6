/** What `npm start` and `npm test` do before anything else: install what is missing, build what has changed. Needs Node alone. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const at = (...path) => join(root, ...path);
const say = (text) => console.log(`setup: ${text}`);

/** Runs a command in the project's folder with its output shown; whether it went well. */
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) console.error(`setup: ${command}: ${error.message}`);
  return status === 0;
}

const runPackage = (script, ...args) => run(process.execPath, [at("node_modules", script), ...args]);

/** Whether node_modules holds what package-lock.json asks for. npm keeps its own list of what it has installed. */
function isInstalled() {
  const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined);
  const wanted = read(at("package-lock.json"));
  const installed = read(at("node_modules", ".package-lock.json"));
  if (!wanted || !installed) return false;
  const isSame = ([name, entry]) => {
    const found = installed[name];
    // Builds for other systems are optional, and rightly not there.
    return found ? found.version === entry.version && found.integrity === entry.integrity : Boolean(entry.optional);
  };
  return Object.entries(wanted).every((pair) => pair[0] === "" || isSame(pair));
}

/** Installs when node_modules is not in step with the lock file. */
export function install() {
  if (isInstalled()) return true;
  say("installing packages (npm ci)");
  const quiet = ["--no-audit", "--no-fund"];
  if (run("npm", ["ci", ...quiet, "--loglevel=silent"])) return true;
  // npm ci refuses a lock file that lacks other systems' optional builds; npm install keeps to its versions all the same.
  say("npm ci refused; installing at the versions of the lock file (npm install --no-save)");
  return run("npm", ["install", "--no-save", ...quiet, "--loglevel=error"]);
}

/** A file is its own only one. */
function* filesIn(directory) {
  if (!existsSync(directory)) return;
  if (statSync(directory).isFile()) return yield directory;
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

/** A hash over names and contents: unlike times, it survives a checkout. */
export function fingerprint(directories, files) {
  const hash = createHash("sha256");
  const sources = directories.flatMap((directory) => [...filesIn(at(directory))]);
  for (const path of [...sources, ...files.map((file) => at(file))]) {
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Does `work` unless it went well before for the same sources. */
function once(directory, sources, work) {
  const stamp = at(directory, ".stamp");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return true;
  if (!work()) return false;
  mkdirSync(at(directory), { recursive: true });
  writeFileSync(stamp, sources);
  return true;
}

/** tsc leaves what it emitted for a source that is no more; an old test would go on running. */
function prune() {
  for (const path of filesIn(at("build"))) {
    const source = relative(at("build"), path).replace(/(\.d\.ts|\.js)$/, ".ts");
    if (source.endsWith(".ts") && !existsSync(at(source))) rmSync(path);
  }
}

/** Checks the types and emits to build/. What is emitted may be used although the types are wrong. */
export function compile() {
  const sources = fingerprint(["src", "test", "demo"], ["tsconfig.json", "package-lock.json"]);
  return once("build", sources, () => {
    say("compiling to build/ (tsc)");
    const isRight = runPackage("typescript/bin/tsc");
    prune();
    return isRight;
  });
}

/** Bundles build/ to dist/. */
export function bundle() {
  const sources = fingerprint(["src"], ["rollup.config.mjs", "tsconfig.json", "package.json", "package-lock.json"]);
  return once("dist", sources, () => {
    say("bundling to dist/ (rollup)");
    return runPackage("rollup/dist/bin/rollup", "--config", "--silent");
  });
}
