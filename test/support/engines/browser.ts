/** The seam over three drivers: what a guest does with a browser, so that a scene is told once for all engines. */

/** Wide enough for an open chat beside a page's links. */
export const VIEWPORT = { width: 1600, height: 900 };

/** A browser of one guest's: its tabs share storage and workers, nobody else's. */
export interface Browser {
  /** A new tab; resolves when its page has loaded. */
  open(url: string): Promise<Tab>;
  /** The window that a page has opened; waits for it. */
  popUp(): Promise<Tab>;
  /** As it does itself when it runs out of memory; only some drivers reach a SharedWorker. */
  killWorkers?(): Promise<void>;
  /** As the browser does itself when it runs out of memory. Only where the driver reaches them. */
  killWorkers?(): Promise<void>;
  /** Ends the browser and all that was started with it. */
  close(): Promise<void>;
}

/** An `expression` is a text of JavaScript that the page evaluates. One for an element fails where it gives none. */
export interface Tab {
  evaluate(expression: string): Promise<unknown>;
  /** With the pointer, as a guest clicks. */
  click(expression: string): Promise<void>;
  /** With the keyboard, and Enter after it. */
  enter(expression: string, text: string): Promise<void>;
  goTo(url: string): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
  /** Its process dies, and with it a worker that runs there. Only where the driver outlives it. */
  crash?(): Promise<void>;
}
