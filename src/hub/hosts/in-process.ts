/** The host of a program: hub and session live in this process, over a network that is handed in; nothing is kept on disk. */
import type { Platform } from "../../session/platform.ts";
import { randomId, systemClock } from "../../session/system.ts";
import type { StartHost } from "../host.ts";
import { createHub } from "../hub.ts";
import { openProtocol } from "../open-protocol.ts";
import { openSession } from "../open-session.ts";
import type { Update, Upward } from "../port.ts";
import { createPortPair } from "../port-pair.ts";

export type Network = Pick<Platform, "fetch" | "openSocket" | "locale">;

export const inProcessHost =
  (network: Network): StartHost =>
  ({ onPort }) => {
    const platform: Platform = {
      ...network,
      clock: systemClock,
      random: Math.random,
      randomId,
      // Of a machine that slept, the heartbeat tells.
      onWake: () => () => {},
    };
    const hub = createHub({
      openSession: (options) => openSession(openProtocol, { ...options, storage: "memory" }, "", platform),
    });
    const [tabPort, hubPort] = createPortPair<Upward, Update>();
    hub.accept(hubPort);
    onPort(tabPort);
    return () => hub.close();
  };
