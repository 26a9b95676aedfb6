/** The memory of a hub: the heap of the one SharedWorker of a browser, once all is collected that can be. */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";

export interface HeapUsage {
  /** Bytes of JavaScript. */
  usedSize: number;
}

export async function workerHeap(browser: Browser): Promise<HeapUsage> {
  const devtools = await browser.newBrowserCDPSession();
  const { targetInfos } = await devtools.send("Target.getTargets");
  const [worker, ...others] = targetInfos.filter(({ type }) => type === "shared_worker");
  assert.ok(worker && others.length === 0, "there must be one worker");
  // Playwright has no session of a worker's own to give: its messages go within messages.
  const { sessionId } = await devtools.send("Target.attachToTarget", { targetId: worker.targetId, flatten: false });
  const answers = new Map<number, (result: unknown) => void>();
  devtools.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message);
    answers.get(id)?.(result);
  });
  const ask = async (id: number, method: string) => {
    const answer = new Promise((resolve) => answers.set(id, resolve));
    await devtools.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method }) });
    return answer;
  };
  await ask(1, "HeapProfiler.collectGarbage");
  const usage = (await ask(2, "Runtime.getHeapUsage")) as HeapUsage;
  await devtools.detach();
  return usage;
}
