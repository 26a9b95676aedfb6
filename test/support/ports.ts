/** What crosses the ports between tabs and their worker, counted in the tabs themselves; and when each has joined. */
import type { BrowserContext, Page } from "playwright-core";

/** Of one tab. Times in ms since it began to load. */
export interface PortCount {
  up: number;
  down: number;
  /** Characters of JSON that came down. */
  downChars: number;
  loadedMs: number;
  /** It has asked for its worker. */
  askedMs: number;
  /** The first update; it has all that the tab shows. */
  joinedMs: number;
}

interface Counting extends Window {
  portCount: PortCount;
}

/** In every page of the guest's from now on. */
export const countPorts = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const count: PortCount = { up: 0, down: 0, downChars: 0, loadedMs: 0, askedMs: 0, joinedMs: 0 };
    (window as unknown as Counting).portCount = count;
    addEventListener("load", () => {
      count.loadedMs = performance.now();
    });
    window.SharedWorker = class extends SharedWorker {
      constructor(...given: ConstructorParameters<typeof SharedWorker>) {
        super(...given);
        const { port } = this;
        count.askedMs ||= performance.now();
        const post = port.postMessage.bind(port);
        port.postMessage = (message: unknown) => {
          count.up += 1;
          post(message);
        };
        port.addEventListener("message", ({ data }) => {
          count.down += 1;
          count.downChars += JSON.stringify(data).length;
          if (data.reset) count.joinedMs ||= performance.now();
        });
      }
    };
  });

export const portCount = (page: Page): Promise<PortCount> =>
  page.evaluate(() => (window as unknown as Counting).portCount);
