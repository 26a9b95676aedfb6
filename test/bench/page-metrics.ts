/** What a page costs: the main thread's time and the page's memory, as Chromium counts them. */
import type { CDPSession, Page } from "playwright-core";

/** In ms, since the page began. */
export interface PageMetrics {
  scriptMs: number;
  /** Styles and layout. */
  layoutMs: number;
  /** All that the main thread did, with the two above. */
  taskMs: number;
  heapBytes: number;
  nodes: number;
}

export async function watchMetrics(page: Page): Promise<() => Promise<PageMetrics>> {
  const devtools: CDPSession = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  return async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return {
      scriptMs: of("ScriptDuration") * 1000,
      layoutMs: (of("LayoutDuration") + of("RecalcStyleDuration")) * 1000,
      taskMs: of("TaskDuration") * 1000,
      heapBytes: of("JSHeapUsedSize"),
      nodes: of("Nodes"),
    };
  };
}
