/** The ladder: from the worker down to what works here. A chunk of its own, fetched where the worker is not to be had. */
import { ChatError } from "../chat/error.ts";
import { type Host, type HostRequest, isOwn, RUNG_KEY, type Rung, recall } from "./hosts/rung.ts";
import { sharedWorkerHost } from "./hosts/shared-worker.ts";

/** Where the worker was tried, it has failed by now. */
type Below = Exclude<Rung, "worker">;

/** From the best to the last. */
const hosts: Record<Below, () => Promise<Host>> = {
  frame: async () => (await import("./hosts/frame.ts")).frameHost,
  tab: async () => (await import("./hosts/elected-tab.ts")).electedTabHost,
  page: async () => (await import("./hosts/in-page.ts")).inPageHost,
};

const BELOW = Object.keys(hosts) as Below[];
/** Where the files are the page's own, a frame would have no more than the page. */
const WITHOUT_FRAME = BELOW.filter((rung) => rung !== "frame");

/** Climbs until `left` is aborted. `cause`: why the worker was lost, where it was tried; null where nothing is heard of it. */
export function climb(request: HostRequest, left: AbortSignal, cause?: Error | null): void {
  const { host, workerUrl, storage, onDegraded, onFailed } = request;
  /** What has failed and is not told yet. */
  let failed: string[] = [];
  // A worker's script that does not load is an event without a message.
  const fail = (rung: Rung, { message = "the worker did not start" }: Partial<Error>) =>
    failed.push(`${rung}: ${message}`);
  const toError = (cause?: Error | null) => {
    const detail = failed.join("; ");
    failed = [];
    return new ChatError("CHAT_HOST", detail, { cause });
  };

  async function tryNext([rung, ...lower]: readonly Below[], cause?: Error | null): Promise<void> {
    if (left.aborted) return;
    if (!rung) return onFailed(toError(cause));
    const own = new AbortController();
    const { signal } = own;
    const onLost = (cause: Error) => {
      if (signal.aborted) return;
      own.abort();
      fail(rung, cause);
      void tryNext(lower, cause);
    };
    left.addEventListener("abort", () => own.abort(), { signal });
    try {
      const start = await hosts[rung]();
      if (signal.aborted) return;
      await start({ ...request, signal, onLost });
      if (signal.aborted || failed.length === 0) return;
      remember(rung);
      onDegraded(toError());
    } catch (cause) {
      onLost(cause as Error);
    }
  }

  function remember(rung: Below): void {
    try {
      storage?.setItem(RUNG_KEY, rung);
    } catch {
      // Full or blocked: the next page looks for itself.
    }
  }

  /** Firefox keeps the name of a worker whose process has crashed, and who asks by it hears nothing: the next one has another. */
  function tryWorker(turn: number): void {
    const own = new AbortController();
    const { signal } = own;
    const onLost = (cause: Error | null) => {
      if (signal.aborted) return;
      own.abort();
      if (!cause) return tryWorker(turn + 1);
      fail("worker", cause);
      onFailed(toError(cause));
    };
    left.addEventListener("abort", () => own.abort(), { signal });
    sharedWorkerHost({ ...request, signal, onLost }, turn).catch(onLost);
  }

  if (host !== "auto" && host !== "worker") {
    if (Object.hasOwn(hosts, host)) void tryNext([host]);
    else onFailed(new ChatError("CHAT_CONFIGURATION", `host="${host}"`));
    return;
  }
  if (host === "worker" && cause === null) {
    tryWorker(1);
    return;
  }
  if (cause !== undefined) fail("worker", cause ?? new Error("no sign of life"));
  const below = isOwn(workerUrl) ? WITHOUT_FRAME : BELOW;
  const known = cause === undefined ? below.indexOf(recall(request) as Below) : 0;
  void tryNext(host === "worker" ? [] : below.slice(Math.max(0, known)), cause);
}
