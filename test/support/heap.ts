/** What is alive in a page or in a worker, once all garbage is gone: asked over the DevTools protocol. */
import assert from "node:assert/strict";
import type { Browser, CDPSession } from "playwright-core";

/** Asks one method of the protocol of a page or a worker, and gives its answer. */
// biome-ignore lint/suspicious/noExplicitAny: the protocol's answers are told by its documentation, method by method.
export type Ask = (method: string, params?: object) => Promise<any>;

export const askPage =
  (devtools: CDPSession): Ask =>
  (method, params) =>
    (devtools.send as Ask)(method, params);

/** Of the one SharedWorker of a browser; `close` when there is nothing more to ask. */
export async function openWorker(browser: Browser): Promise<{ ask: Ask; close(): Promise<void> }> {
  const devtools = await browser.newBrowserCDPSession();
  const { targetInfos } = await devtools.send("Target.getTargets");
  const [worker, ...others] = targetInfos.filter(({ type }) => type === "shared_worker");
  assert.ok(worker && others.length === 0, "there must be one worker");
  // Playwright has no session of a worker's own to give: its messages go within messages.
  const { sessionId } = await devtools.send("Target.attachToTarget", { targetId: worker.targetId, flatten: false });
  const answers = new Map<number, (result: unknown) => void>();
  let asked = 0;
  devtools.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message);
    answers.get(id)?.(result);
    answers.delete(id);
  });
  return {
    async ask(method, params = {}) {
      const id = ++asked;
      const answer = new Promise((resolve) => answers.set(id, resolve));
      const message = JSON.stringify({ id, method, params });
      await devtools.send("Target.sendMessageToTarget", { sessionId, message });
      return answer;
    },
    close: () => devtools.detach(),
  };
}

/** How many objects have this prototype, an expression, in their chain. */
export async function count(ask: Ask, prototype: string): Promise<number> {
  await ask("HeapProfiler.collectGarbage");
  const objectGroup = "count";
  const { result } = await ask("Runtime.evaluate", { expression: prototype, objectGroup });
  const { objects } = await ask("Runtime.queryObjects", { prototypeObjectId: result.objectId, objectGroup });
  const functionDeclaration = "function () { return this.length; }";
  const { objectId } = objects;
  const { result: length } = await ask("Runtime.callFunctionOn", {
    objectId,
    functionDeclaration,
    returnByValue: true,
  });
  await ask("Runtime.releaseObjectGroup", { objectGroup });
  return length.value;
}

/** Bytes of JavaScript. */
export async function usedHeap(ask: Ask): Promise<number> {
  await ask("HeapProfiler.collectGarbage");
  return (await ask("Runtime.getHeapUsage")).usedSize;
}
