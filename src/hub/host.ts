/** Chooses the host: where the session lives. The element's bundle carries no session code. */
import { ChatError } from "../chat/error.ts";
import type { Host, HostRequest } from "./hosts/rung.ts";
import { sharedWorkerHost } from "./hosts/shared-worker.ts";

/** Returns the way to leave, at any time. */
export type StartHost = (request: HostRequest) => () => void;

/** Only the worker's is part of the element: the other brings the whole session with it. */
const hosts: Record<"worker" | "page", Host> = {
  worker: sharedWorkerHost,
  page: async (request) => (await import("./hosts/in-page.ts")).inPageHost(request),
};

export const startHost: StartHost = (request) => {
  let left = false;
  let leave = () => {};

  async function run(rung: "worker" | "page") {
    try {
      leave = await hosts[rung](request);
      if (left) leave();
    } catch (cause) {
      const error = new ChatError("CHAT_HOST", `${rung}: ${(cause as Error).message}`, { cause });
      if (rung === "page" || request.host === "worker") return request.onFailed(error);
      request.onDegraded(error);
      await run("page");
    }
  }
  void run(request.host === "page" ? "page" : "worker");

  return () => {
    left = true;
    leave();
  };
};
