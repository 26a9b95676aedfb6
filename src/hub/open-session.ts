/** From the options of the first tab to a session: makes its dialect, opens its store. */
import { browserPlatform } from "../session/browser-platform.ts";
import type { Protocol } from "../session/protocol.ts";
import { createSession, type Session } from "../session/session.ts";
import { memoryStore, openIndexedDb } from "../session/store.ts";
import { type HubOptions, toSessionKey } from "./options.ts";

/** Makes the dialect that the options name. */
export type OpenProtocol = (options: HubOptions) => Protocol | Promise<Protocol>;

/** `suffix` keeps apart the databases of hubs among which nothing elects one. `platform`: outside of a browser. */
export async function openSession(
  openProtocol: OpenProtocol,
  options: HubOptions,
  suffix = "",
  platform = browserPlatform(),
): Promise<Session> {
  const name = `genesys-guest-chat ${toSessionKey(options)}${suffix}`;
  const [protocol, store, activityLog] = await Promise.all([
    openProtocol(options),
    options.storage === "memory" ? memoryStore() : openIndexedDb(name),
    import("../session/activity/activity-log.ts"),
  ]);
  const judgement = () => import("../session/judgement.ts");
  return createSession({ protocol, platform, store, activityLog, judgement, attributes: options.attributes });
}
