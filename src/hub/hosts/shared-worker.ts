/** The worker host: a same-origin SharedWorker keeps the session for all tabs. */
import { VERSION } from "../../version.ts";
import { onHubGone } from "../hub-lock.ts";
import { toPort } from "../message-port.ts";
import { toSessionKey } from "../options.ts";
import type { Port, Sign, TabPort, Update, Upward } from "../port.ts";
import { holdTabLock } from "../tab-lock.ts";
import { PATIENCE_MS, type RungRequest } from "./rung.ts";

/** Chromium keeps the worker alive over navigations: https://developer.chrome.com/blog/extended-lifetime-shared-workers-origin-trial */
interface ExtendedOptions extends WorkerOptions {
  extendedLifetime: true;
}

interface SharedWorkerRequest extends Omit<RungRequest, "onLost"> {
  onLost(cause: Error | null): void;
}

/**
 * Resolves and rejects as a Host; the cause is null where nothing is heard of the worker. Who asks by the same `turn` gets
 * the same one; each has twice the time of the one before.
 */
export const sharedWorkerHost = async (request: SharedWorkerRequest, turn = 0): Promise<void> => {
  const { options, workerUrl, toScriptUrl, tab, signal, onPort, onLost } = request;
  const url = new URL(workerUrl ?? "./worker.js", import.meta.url);
  // Another version is another worker; both ends of one port are of one build.
  url.searchParams.set("v", VERSION);
  const settings: ExtendedOptions = {
    type: "module",
    name: `genesys-guest-chat ${VERSION}-${turn} ${toSessionKey(options)}`,
    extendedLifetime: true,
  };
  const scriptUrl = toScriptUrl?.(url.href) ?? url.href;

  let here = false;
  let port: TabPort | null = null;
  let release = () => {};
  let unwatch = () => {};

  const connect = async () => {
    const [found, lock] = await started(new SharedWorker(scriptUrl, settings), PATIENCE_MS * 2 ** turn);
    if (!here) return found.close();
    port = found;
    // It dies with the process that it runs in. All its tabs ask for the next one by the same name, and get the same.
    if (lock) unwatch = onHubGone(lock, () => connect().catch(onLost));
    onPort(port);
  };
  const attach = async () => {
    here = true;
    release = await holdTabLock(tab);
    if (here) await connect();
    else release();
  };
  const detach = () => {
    here = false;
    unwatch();
    port?.close();
    release();
  };
  // A page in the back/forward cache must neither hold a lock nor count as a tab.
  const back = () => {
    if (!here) attach().catch(onLost);
  };

  addEventListener("pagehide", detach, { signal });
  addEventListener("pageshow", back, { signal });
  signal.addEventListener("abort", detach);
  await attach();
};

/**
 * Resolves at the worker's first sign of life. A script that does not load is an `error` event without a message; that of
 * one that throws at start says what was thrown.
 */
function started(worker: SharedWorker, patienceMs: number): Promise<[TabPort, lock?: string]> {
  return new Promise((resolve, reject) => {
    // In two steps: after a page that was busy for so long, what has come meanwhile is heard first.
    setTimeout(() => setTimeout(reject, 100, null), patienceMs - 100);
    // Nothing of a tab may hang here: Chromium keeps each of these objects until its page goes.
    worker.onerror = reject;
    const port: Port<Upward, Update & Sign> = toPort(worker.port);
    port.listen(({ lock }) => resolve([port, lock]));
  });
}
