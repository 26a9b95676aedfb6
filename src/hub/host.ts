/** Chooses the host: where the session lives. The worker, if it can; the ladder to the others is fetched when it is needed. */
import { ChatError } from "../chat/error.ts";
import { type HostRequest, isOwn, recall } from "./hosts/rung.ts";
import { sharedWorkerHost } from "./hosts/shared-worker.ts";

/** Returns the way to leave, at any time. */
export type StartHost = (request: HostRequest) => () => void;

export const startHost: StartHost = (request) => {
  const { host, workerUrl, onFailed } = request;
  let leaving = new AbortController();
  const { signal } = leaving;

  /** The worker is lost, `null` without a word; or without a `cause` not wanted or not to be had. */
  async function climbDown(cause?: Error | null): Promise<void> {
    if (signal.aborted) return;
    leaving.abort();
    leaving = new AbortController();
    try {
      const { climb } = await import("./ladder.ts");
      climb(request, leaving.signal, cause);
    } catch (cause) {
      onFailed(new ChatError("CHAT_HOST", String(cause)));
    }
  }

  if (host === "worker" || (host === "auto" && isOwn(workerUrl) && !recall(request))) {
    sharedWorkerHost({ ...request, signal, onLost: climbDown }).catch(climbDown);
  } else void climbDown();

  return () => leaving.abort();
};
