/**
 * The starter behind `npm test`: sets up, runs every suite, ends with one line `N passed, N failed, N skipped`.
 * `npm test -- unit` runs one stage (lint types build unit browser e2e), `npm test -- broker` the test files whose path has the word.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, compile, install, root } from "../demo/setup.mjs";
import { isUnchanged, keepPassed } from "./slow.mjs";

const MINUTE = 60_000;
const stages = { lint, types, build, unit, browser, e2e };
const words = process.argv.slice(2);
const asked = words.filter((word) => Object.hasOwn(stages, word));
const filters = words.filter((word) => !asked.includes(word));

const isCi = ["true", "1"].includes(process.env.CI);
const none = { passed: 0, failed: 0, skipped: 0 };
const passed = { ...none, passed: 1 };
const failed = { ...none, failed: 1 };
const toResult = (isRight) => (isRight ? passed : failed);
const scratch = mkdtempSync(join(tmpdir(), "guest-chat-test-"));

const suites = ["unit", "browser", "e2e"];
const runsSuite = filters.length > 0 || asked.some((name) => suites.includes(name));

/** What suites run on has to be built, whatever was asked for; with a filter alone, only suites have files to filter. */
function isWanted(name) {
  if (!words.length || asked.includes(name)) return true;
  if (name === "types" || name === "build") return runsSuite;
  return !asked.length && suites.includes(name);
}

process.chdir(root);
const total = { ...none };
if (!install()) {
  console.error("The packages could not be installed. See above.");
  total.failed++;
} else {
  for (const [name, stage] of Object.entries(stages)) {
    if (!isWanted(name)) continue;
    console.log(`\n${name}`);
    const result = await stage().catch((error) => {
      console.error(error);
      return failed;
    });
    for (const key of Object.keys(total)) total[key] += result[key];
  }
}
rmSync(scratch, { recursive: true, force: true });
if (total.failed) process.exitCode = 1;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);

async function lint() {
  const args = ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"];
  return toResult((await run(args, MINUTE)) === 0);
}

async function types() {
  return toResult(compile());
}

async function build() {
  return toResult(bundle());
}

async function unit() {
  return runNode(
    testFiles(".test.js", (path) => !path.startsWith("build/test/e2e/")),
    ["--test-timeout=600000"],
  );
}

async function browser() {
  const files = testFiles(".spec.js", () => true);
  const { engines, missing } = await obtain(() => files.length > 0);
  const result = notRun(files.length * missing.length);
  if (files.length && !engines.length) return result;
  const args = ["node_modules/@web/test-runner/dist/bin.js", "--config", "test/web-test-runner.config.mjs"];
  const env = { TEST_FILES: files.join(","), TEST_ENGINES: engines.join(",") };
  return add(result, await runCounted(args, files, env));
}

async function e2e() {
  const files = testFiles(".test.js", (path) => path.startsWith("build/test/e2e/"));
  const { missing } = await obtain((engine) => files.some((path) => engineOf(path) === engine));
  const able = files.filter((path) => !missing.includes(engineOf(path)));
  const result = notRun(files.length - able.length);
  if (files.length && !able.length) return result;
  // One file after the other: each has a browser of several processes.
  return add(result, await runNode(able, ["--test-timeout=300000", "--test-concurrency=1"]));
}

/** Of an e2e test: scenes have a file for each engine, whose name it bears; all else is told in Chromium. */
function engineOf(path) {
  return /\/scenes\/(\w+)\.test/.exec(path)?.[1] ?? "chromium";
}

async function runNode(files, options) {
  const reporter = ["--test-reporter=./test/support/node-reporter.mjs", "--test-reporter-destination=stdout"];
  const left = filters.length || isCi ? [] : files.filter(isUnchanged);
  for (const path of left)
    console.error(`  ! ${path} did not run: nothing of what it tests has changed since it passed`);
  const run = files.filter((path) => !left.includes(path));
  const result = await runCounted(["--test", ...reporter, ...options, ...run], run);
  if (!result.failed) keepPassed(run);
  return add(result, { ...none, skipped: left.length });
}

/** Runs a test runner that leaves its counts as JSON. One that leaves none, or leaves out a file, has failed. */
async function runCounted(args, files, env = {}) {
  if (!files.length) {
    if (filters.length) return none;
    console.error("  no test files");
    return failed;
  }
  const counts = join(scratch, "counts.json");
  rmSync(counts, { force: true });
  const code = await run(args, 40 * MINUTE, {
    ...env,
    TEST_COUNTS: counts,
  });
  const result = { ...none, files: [] };
  try {
    Object.assign(result, JSON.parse(readFileSync(counts, "utf8")));
  } catch {
    console.error("  the test runner has crashed");
  }
  for (const file of files.filter((path) => !result.files.includes(path))) {
    console.error(`  ✗ ${file}: no test in it was run`);
    result.failed++;
  }
  if (code !== 0 && !result.failed) {
    console.error(`  ✗ the test runner ended with ${code}`);
    result.failed++;
  }
  return result;
}

/** Of the engines that are needed those that are there, and those that cannot be had, which it tells. */
async function obtain(isNeeded) {
  const { ENGINES, advice, obtainEngines } = await import("../build/test/support/browsers.js");
  const needed = ENGINES.filter(isNeeded);
  const engines = obtainEngines(needed);
  const missing = needed.filter((engine) => !engines.includes(engine));
  for (const engine of missing) {
    console.error(`  ! NO ${engine.toUpperCase()}: its tests did not run. ${advice[engine]}`);
  }
  return { engines, missing };
}

/** The result of test files that did not run for want of a browser. */
function notRun(count) {
  return isCi ? { ...none, failed: count } : { ...none, skipped: count };
}

function add(one, other) {
  return Object.fromEntries(Object.keys(none).map((key) => [key, one[key] + other[key]]));
}

function testFiles(ending, isWanted) {
  return readdirSync("build/test", { recursive: true })
    .map((path) => `build/test/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(ending) && isWanted(path))
    .filter((path) => !filters.length || filters.some((word) => path.includes(word)))
    .sort();
}

/** Runs Node; the exit code. What hangs is ended with all that it has started. */
function run(args, timeout, env = {}) {
  const child = spawn(process.execPath, args, { stdio: "inherit", detached: true, env: { ...process.env, ...env } });
  const end = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
  };
  const interrupt = () => {
    end();
    process.exit(130);
  };
  const timer = setTimeout(() => {
    console.error(`  ✗ no end after ${timeout / MINUTE} minutes`);
    end();
  }, timeout);
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  return new Promise((resolve) => {
    child.on("error", () => resolve(1));
    child.on("exit", (code) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      resolve(code ?? 1);
    });
  });
}
