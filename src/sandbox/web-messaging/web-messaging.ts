/** Web messaging in the sandbox: who may open a socket at /v1, and what the sockets share. */

import type { Connection, SocketEnd } from "../connections.ts";
import type { ResolvedOptions } from "../options.ts";
import { createRate, type Rate } from "../rate.ts";
import type { Session, Sessions } from "../sessions.ts";
import type { Deployment } from "./deployment.ts";
import { push } from "./frames.ts";
import { createGuestSessions } from "./guest-sessions.ts";
import type { Shared } from "./line.ts";
import { isOriginAllowed } from "./origins.ts";
import { createRest, type Rest } from "./rest.ts";
import { WebMessagingSocket } from "./socket.ts";

/** The only one; it says the version, too. */
export const SOCKET_PATH = "/v1";

export interface WebMessaging {
  rest: Rest;
  /** The status to refuse an upgrade with, or what speaks on it. The URL is as the guest's end has addressed it. */
  connect(url: URL, origin: string | undefined): { refused: number } | Speak;
}

/** Called once the socket is open. */
export type Speak = (connection: Connection) => SocketEnd;

const SECOND = 1000;

/** `attachBot`: lets the bot take part in a session, where there is one. */
export function createWebMessaging(
  options: ResolvedOptions,
  sessions: Sessions,
  attachBot: (session: Session) => void,
): WebMessaging {
  const { clock, randomId } = options;
  const rest = createRest(options, (session) => guests.read(session));
  const { uploads, history, tokens, deployments } = rest;
  const guests = createGuestSessions({ clock, randomId, sessions, uploads, attachBot });

  const shared = new Map<Deployment, Shared & { connectionRate: Rate }>();
  for (const deployment of deployments.all) {
    const { messagesPerSecond, configuresPerMinute, connectionsPerMinute } = deployment.limits;
    shared.set(deployment, {
      clock,
      randomId,
      deployment,
      guests,
      sessions,
      uploads,
      history,
      tokens,
      messageRate: createRate(messagesPerSecond, clock.now, SECOND),
      configureRate: createRate(configuresPerMinute, clock.now),
      connectionRate: createRate(connectionsPerMinute, clock.now),
    });
  }

  tokens.listen(({ key }) => {
    const guest = guests.ofPerson(key);
    if (!guest) return;
    guest.tell(push("LogoutEvent"));
    guest.releaseAll();
    guests.end(guest);
  });

  return {
    rest,
    connect(url, origin) {
      const deployment = deployments.find(url.searchParams.get("deploymentId") ?? "");
      const common = deployment && shared.get(deployment);
      if (common?.deployment.status !== "Active") return { refused: 403 };
      if (!isOriginAllowed(common.deployment, origin, url.hostname)) return { refused: 403 };
      if (common.connectionRate.take() > 0) return { refused: 429 };
      return (connection) => new WebMessagingSocket(common, connection, `http://${url.host}`);
    },
  };
}
