/** Finds Chromium for the tests, or fetches it where that is possible. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** Fonts come along: without them a page's emoji and non-Latin text are boxes. */
const DEBIAN_PACKAGES = ["chromium", "fonts-noto-core", "fonts-noto-color-emoji"];
const DOWNLOAD_MS = 120_000;
const APT_MS = 300_000;

const canRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (...names: string[]): string | undefined =>
  names
    .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
    .find((path) => canRun(path));

const run = (command: string, args: string[], timeout: number): boolean => {
  console.log(`browsers: ${command} ${args.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, args, { timeout, env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
};

/** Of playwright-core, if it is on disk already. */
const playwrightChromium = (): string | undefined => {
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
};

/** The path of a Chromium that is there: CHROMIUM_BIN, the system's, then Playwright's own. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_BIN;
  if (named && !canRun(named)) throw new Error(`CHROMIUM_BIN is ${named}, which cannot be run.`);
  return (
    named || onPath("chromium", "google-chrome-stable", "google-chrome", "chromium-browser") || playwrightChromium()
  );
}

/** As findChromium, and where there is none it is fetched: by Playwright, then by apt when root; NO_BROWSER_INSTALL=1 forbids both. */
export function obtainChromium(): string | undefined {
  const found = findChromium();
  if (found || process.env.NO_BROWSER_INSTALL === "1") return found;
  const command = join("node_modules", "playwright-core", "cli.js");
  run(process.execPath, [command, "install", "chromium"], DOWNLOAD_MS);
  const downloaded = playwrightChromium();
  if (downloaded) return downloaded;
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    run("apt-get", ["update", "-qq"], APT_MS);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...DEBIAN_PACKAGES], APT_MS);
  }
  return findChromium();
}
