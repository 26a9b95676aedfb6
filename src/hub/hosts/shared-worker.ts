/** The worker host: a same-origin SharedWorker keeps the session for all tabs. */
import { VERSION } from "../../version.ts";
import { toPort } from "../message-port.ts";
import { toSessionKey } from "../options.ts";
import type { TabPort } from "../port.ts";
import { holdTabLock } from "../tab-lock.ts";
import type { Host } from "./rung.ts";

/** Chromium keeps the worker alive over navigations: https://developer.chrome.com/blog/extended-lifetime-shared-workers-origin-trial */
interface ExtendedOptions extends WorkerOptions {
  extendedLifetime: true;
}

export const sharedWorkerHost: Host = async ({ options, workerUrl, toScriptUrl, tab, onPort }) => {
  if (typeof SharedWorker !== "function") throw new Error("this browser has no SharedWorker");
  const url = new URL(workerUrl ?? "./worker.js", import.meta.url);
  // Another version is another worker; both ends of one port are of one build.
  url.searchParams.set("v", VERSION);
  const settings: ExtendedOptions = {
    type: "module",
    name: `genesys-guest-chat ${VERSION} ${toSessionKey(options)}`,
    extendedLifetime: true,
  };
  const scriptUrl = toScriptUrl ? toScriptUrl(url.href) : url.href;

  let release = () => {};
  let port: TabPort | null = null;
  const attach = async () => {
    release = await holdTabLock(tab);
    port = await started(new SharedWorker(scriptUrl, settings));
    onPort(port);
  };
  const detach = () => {
    port?.close();
    release();
  };
  // A page in the back/forward cache must neither hold a lock nor count as a tab.
  const back = (event: PageTransitionEvent) => {
    if (event.persisted) void attach();
  };

  await attach();
  addEventListener("pagehide", detach);
  addEventListener("pageshow", back);
  return () => {
    removeEventListener("pagehide", detach);
    removeEventListener("pageshow", back);
    detach();
  };
};

/** Resolves at the worker's first sign of life; a script that does not load or run is an `error` event without a message. */
function started(worker: SharedWorker): Promise<TabPort> {
  return new Promise((resolve, reject) => {
    worker.addEventListener("error", () => reject(new Error("the worker did not start")), { once: true });
    const port: TabPort = toPort(worker.port);
    port.listen(() => resolve(port));
  });
}
