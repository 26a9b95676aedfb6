/** Starts Chromium as guests have it, without the flags by which Playwright changes what is measured here. */
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { findChromium } from "./browsers.ts";

/**
 * Playwright's own list of disabled features has ThirdPartyStoragePartitioning in it, with which a SharedWorker in a
 * cross-site frame dies before its script is asked for. Chromium takes the last --disable-features, so ours replaces it.
 */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-features=MediaRouter,OptimizationHints,HttpsUpgrades,PaintHolding",
];

/** Without the back/forward cache a navigation kills a worker that would live on at a guest's. */
const ignoreDefaultArgs = ["--disable-back-forward-cache"];

/** For Playwright and for Web Test Runner's Playwright launcher. */
export const launchOptions = (): LaunchOptions => ({ executablePath: findChromium(), args, ignoreDefaultArgs });

/** A fresh browser; the caller closes it. */
export const launchChromium = (): Promise<Browser> => chromium.launch(launchOptions());
