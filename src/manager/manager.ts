/** GuestSessionManager for pages: the chat without our element, on the session that all tabs and the element share. No DOM. */
import { createClient } from "../hub/client.ts";
import { createToScriptUrl } from "../hub/trusted-types.ts";
import { type BrokerConfig, refuseSecret, requireObject, toHubOptions, toOptional } from "./config.ts";
import { SessionManager } from "./session-manager.ts";

export type { ActivityLogEntry, Metrics } from "../chat/activity.ts";
export { ChatError, type ChatErrorCode } from "../chat/error.ts";
export type { Message } from "../chat/message.ts";
export type { Profile } from "../chat/profile.ts";
export type { ChatState, Phase } from "../chat/state.ts";
export type { BrokerConfig } from "./config.ts";
export type { Listener } from "./session-manager.ts";

/** As built, the worker lies beside this module. */
const WORKER = new URL("./worker.js", import.meta.url);

export class GuestSessionManager extends SessionManager {
  /** Throws a ChatError: CHAT_SECRET_IN_BROWSER, or CHAT_CONFIGURATION with the field that is wrong. */
  constructor(config: BrokerConfig) {
    requireObject(config);
    refuseSecret(config);
    const { href } = location;
    const options = toHubOptions(config, href);
    const workerUrl = new URL(toOptional(config, "workerUrl") ?? WORKER, href).href;
    const toScriptUrl = createToScriptUrl(workerUrl);
    super({ vouches: false, openClient: () => createClient({ options, host: "auto", workerUrl, toScriptUrl }) });
  }
}
