/** Finds the browsers for the tests, or fetches them where that is possible. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** The engines that the tests run in; `webkit` is WebKitGTK. */
export const ENGINES = ["chromium", "firefox", "webkit"] as const;
export type Engine = (typeof ENGINES)[number];

/** Debian's. Fonts come along: without them a page's emoji and non-Latin text are boxes. */
const packages: Record<Engine, string[]> = {
  chromium: ["chromium", "fonts-noto-core", "fonts-noto-color-emoji"],
  firefox: ["firefox-esr"],
  webkit: ["webkit2gtk-driver", "xvfb"],
};

/** What to do where one is missing and cannot be fetched. */
export const advice: Record<Engine, string> = {
  chromium: "Set CHROMIUM_BIN, or install chromium.",
  firefox: "Set FIREFOX_BIN, or install firefox-esr.",
  webkit: "Set WEBKIT_DRIVER_BIN, or install webkit2gtk-driver and xvfb.",
};

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

/** What an environment variable names; throws when that cannot be run. */
function named(variable: string): string | undefined {
  const path = process.env[variable];
  if (path && !canRun(path)) throw new Error(`${variable} is ${path}, which cannot be run.`);
  return path || undefined;
}

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
export const findChromium = (): string | undefined =>
  named("CHROMIUM_BIN") ??
  onPath("chromium", "google-chrome-stable", "google-chrome", "chromium-browser") ??
  playwrightChromium();

/** The path of a Firefox that is there: FIREFOX_BIN, the system's. */
export const findFirefox = (): string | undefined => named("FIREFOX_BIN") ?? onPath("firefox-esr", "firefox");

/** WebKitGTK's driver, which knows its browser, and the display that both need: it has no headless mode. */
export interface WebKit {
  driver: string;
  xvfb: string;
}

/** WEBKIT_DRIVER_BIN, the system's; undefined without an Xvfb. */
export function findWebKit(): WebKit | undefined {
  const driver = named("WEBKIT_DRIVER_BIN") ?? onPath("WebKitWebDriver");
  const xvfb = onPath("Xvfb");
  return driver && xvfb ? { driver, xvfb } : undefined;
}

const has: Record<Engine, () => boolean> = {
  chromium: () => findChromium() !== undefined,
  firefox: () => findFirefox() !== undefined,
  webkit: () => findWebKit() !== undefined,
};

/**
 * Those of the engines that are there. What is missing is fetched first: Chromium by Playwright, then all by apt when
 * root; NO_BROWSER_INSTALL=1 forbids both.
 */
export function obtainEngines(wanted: readonly Engine[] = ENGINES): Engine[] {
  const missing = () => wanted.filter((engine) => !has[engine]());
  if (missing().length && process.env.NO_BROWSER_INSTALL !== "1") {
    if (missing().includes("chromium")) {
      run(process.execPath, [join("node_modules", "playwright-core", "cli.js"), "install", "chromium"], DOWNLOAD_MS);
    }
    const wantedPackages = missing().flatMap((engine) => packages[engine]);
    if (wantedPackages.length && process.getuid?.() === 0 && onPath("apt-get")) {
      run("apt-get", ["update", "-qq"], APT_MS);
      run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...wantedPackages], APT_MS);
    }
  }
  return wanted.filter((engine) => has[engine]());
}
