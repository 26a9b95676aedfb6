/** From the options of the first tab to a session: imports the dialect that they name, opens the store. */

import { browserPlatform } from "../session/browser-platform.ts";
import type { Protocol } from "../session/protocol.ts";
import { createSession, type Session } from "../session/session.ts";
import { memoryStore, openIndexedDb } from "../session/store.ts";
import { type HubOptions, toSessionKey } from "./options.ts";

/** `suffix` keeps apart the databases of hubs among which nothing elects one. `platform`: outside of a browser. */
export async function openSession(options: HubOptions, suffix = "", platform = browserPlatform()): Promise<Session> {
  const name = `genesys-guest-chat ${toSessionKey(options)}${suffix}`;
  const [protocol, store, activityLog] = await Promise.all([
    openProtocol(options),
    options.storage === "memory" ? memoryStore() : openIndexedDb(name),
    import("../session/activity/activity-log.ts"),
  ]);
  const judgement = () => import("../session/judgement.ts");
  return createSession({ protocol, platform, store, activityLog, judgement, attributes: options.attributes });
}

async function openProtocol(options: HubOptions): Promise<Protocol> {
  if (options.protocol === "web-messaging") {
    const { createWebMessaging } = await import("../protocols/web-messaging/web-messaging.ts");
    return createWebMessaging(options);
  }
  const { createGuestApi } = await import("../protocols/guest-api/guest-api.ts");
  return createGuestApi(options);
}
