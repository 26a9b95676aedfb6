/** Web Test Runner: the browser specs, in the engines that test/run.mjs has found. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultReporter } from "@web/test-runner";
import { playwrightLauncher } from "@web/test-runner-playwright";
import { serve } from "../build/demo/serve.js";
import { ENGINES } from "../build/test/support/browsers.js";
import { launchOptions } from "../build/test/support/chromium.js";
import { launch } from "../build/test/support/engines/launch.js";
import { createLauncher } from "../build/test/support/engines/launcher.js";

const engines = process.env.TEST_ENGINES?.split(",") ?? ENGINES;
const launchers = {
  chromium: () => playwrightLauncher({ product: "chromium", launchOptions: launchOptions() }),
  firefox: () => createLauncher("Firefox", launch.firefox),
  webkit: () => createLauncher("WebKit", launch.webkit),
};

const rootDir = fileURLToPath(new URL("..", import.meta.url));

/** Leaves the counts as JSON for test/run.mjs. */
const countingReporter = {
  onTestRunFinished({ sessions }) {
    const counts = { passed: 0, failed: 0, skipped: 0, files: [] };
    const ran = [];
    const count = ({ tests, suites }) => {
      for (const test of tests) counts[test.skipped ? "skipped" : test.passed ? "passed" : "failed"]++;
      for (const suite of suites) count(suite);
      return tests.length > 0 || suites.length > 0;
    };
    for (const { testResults, testFile, passed, errors } of sessions) {
      const before = counts.failed;
      const hasTests = testResults ? count(testResults) : false;
      // A file that does not load has an error and no failed test.
      if (errors.length || (!passed && counts.failed === before)) counts.failed++;
      if (hasTests || errors.length) ran.push(testFile);
    }
    // A file counts as run when it did in every engine.
    const inAll = (file) => ran.filter((each) => each === file).length === engines.length;
    counts.files = [...new Set(ran)].filter(inAll).map((file) => relative(rootDir, file));
    if (process.env.TEST_COUNTS) writeFileSync(process.env.TEST_COUNTS, JSON.stringify(counts));
  },
};

/** Broker and sandbox for specs that talk to them: its address for what crosses origins, its state on the runner's own. */
const demo = await serve({ botDelayMs: 20, perMinute: 6000 });
const testSite = {
  name: "test-site",
  async serve({ path }) {
    if (path === "/test-site.json") return { body: JSON.stringify({ url: demo.url }), type: "json" };
    if (!path.startsWith("/test-site/")) return undefined;
    const answer = await fetch(demo.url + path.slice("/test-site".length));
    return { body: await answer.text(), type: "json" };
  },
  serverStop: () => demo.close(),
};

/** Under `/next/` what a coming version of ours would be: one whose ports the present one does not understand. */
const nextVersion = {
  name: "next-version",
  serve({ path }) {
    if (!path.startsWith("/next/")) return undefined;
    const code = readFileSync(join(rootDir, "build/src", path.slice("/next/".length)), "utf8");
    const body = code.replace(/(?<= VERSION = ")[^"]+/, "99.0.0").replace(/(?<= PORT_VERSION = )1\b/, "2");
    return { body, type: "js" };
  },
};

/** A worker's script that is there, and throws before it has come to anything. */
const throwingWorker = {
  name: "throwing-worker",
  serve: ({ path }) =>
    path === "/throwing-worker.js" ? { body: 'throw new Error("at start");', type: "js" } : undefined,
};

export default {
  rootDir,
  files: process.env.TEST_FILES?.split(",") ?? "build/test/**/*.spec.js",
  // What is tested is what ships: Lit without its development build.
  nodeResolve: { exportConditions: ["production"] },
  browsers: engines.map((engine) => launchers[engine]()),
  plugins: [testSite, nextVersion, throwingWorker],
  concurrency: 2,
  // One engine after the other: what a spec measures is not to wait for another's browser to start.
  concurrentBrowsers: 1,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 120_000,
  testFramework: { config: { timeout: 10_000 } },
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: process.stdout.isTTY }), countingReporter],
};
