/** What a SharedWorker fetches where it is named for the guest-api dialect: hub, session and dialect in one file. */
import { Failure } from "../../chat/failure.ts";
import { createGuestApi } from "../../protocols/guest-api/guest-api.ts";
import { startWorkerHub } from "./worker-hub.ts";

export function start(ports: readonly MessagePort[]): void {
  startWorkerHub((options) => {
    if (options.protocol !== "guest-api") throw new Failure("CHAT_CONFIGURATION", options.protocol);
    return createGuestApi(options);
  }, ports);
}
