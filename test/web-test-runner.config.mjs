/** Web Test Runner: the browser specs, in the Chromium that test/run.mjs has found. */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultReporter } from "@web/test-runner";
import { playwrightLauncher } from "@web/test-runner-playwright";
import { serve } from "../build/demo/serve.js";
import { launchOptions } from "../build/test/support/chromium.js";

const rootDir = fileURLToPath(new URL("..", import.meta.url));

/** Leaves the counts as JSON for test/run.mjs. */
const countingReporter = {
  onTestRunFinished({ sessions }) {
    const counts = { passed: 0, failed: 0, skipped: 0, files: [] };
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
      if (hasTests || errors.length) counts.files.push(relative(rootDir, testFile));
    }
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

export default {
  rootDir,
  files: process.env.TEST_FILES?.split(",") ?? "build/test/**/*.spec.js",
  // What is tested is what ships: Lit without its development build.
  nodeResolve: { exportConditions: ["production"] },
  browsers: [playwrightLauncher({ product: "chromium", launchOptions: launchOptions() })],
  plugins: [testSite],
  concurrency: 2,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 120_000,
  testFramework: { config: { timeout: 10_000 } },
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: process.stdout.isTTY }), countingReporter],
};
