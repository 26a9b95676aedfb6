/** What a SharedWorker fetches where it is named for the web-messaging dialect: hub, session and dialect in one file. */
import { Failure } from "../../chat/failure.ts";
import { createWebMessaging } from "../../protocols/web-messaging/web-messaging.ts";
import { startWorkerHub } from "./worker-hub.ts";

export function start(ports: readonly MessagePort[]): void {
  startWorkerHub((options) => {
    if (options.protocol !== "web-messaging") throw new Failure("CHAT_CONFIGURATION", options.protocol);
    return createWebMessaging(options);
  }, ports);
}
