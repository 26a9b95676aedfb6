/** Kills the SharedWorkers of a browser, as it does itself when it runs out of memory. */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";

export async function killWorkers(browser: Browser): Promise<void> {
  const devtools = await browser.newBrowserCDPSession();
  const { targetInfos } = await devtools.send("Target.getTargets");
  const workers = targetInfos.filter(({ type }) => type === "shared_worker");
  assert.ok(workers.length > 0, "no worker to kill");
  for (const { targetId } of workers) await devtools.send("Target.closeTarget", { targetId });
  await devtools.detach();
}
