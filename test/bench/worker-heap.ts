/** The memory of a hub: the heap of the one SharedWorker of a browser, once all is collected that can be. */
import type { Browser } from "playwright-core";
import { openWorker, usedHeap } from "../support/heap.ts";

export interface HeapUsage {
  /** Bytes of JavaScript. */
  usedSize: number;
}

export async function workerHeap(browser: Browser): Promise<HeapUsage> {
  const { ask, close } = await openWorker(browser);
  const usedSize = await usedHeap(ask);
  await close();
  return { usedSize };
}
