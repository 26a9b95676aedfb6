/** The web-messaging dialect as a Protocol: what live orgs speak. A token of our own, frames over the region's socket. */

import { Failure } from "../../chat/failure.ts";
import { reduceMore } from "../../chat/reduce-more.ts";
import type { Credentials, Errands, Protocol } from "../../session/protocol.ts";
import { ConnectionFailure } from "../../session/protocol.ts";
import type { Exchange } from "../../session/seldom/sign-in.ts";
import { VERSION } from "../../version.ts";
import type { Deployment } from "../../wire/web-messaging/deployment.ts";
import { toDomain, toHosts } from "../../wire/web-messaging/regions.ts";
import { findExcess } from "./attributes.ts";
import type { Login } from "./authentication.ts";
import { getDeployment, toKept } from "./deployment.ts";
import type { Dialect, Spent } from "./dialect.ts";
import { extend, type Lent } from "./extension.ts";
import { createHandler } from "./handler.ts";

export interface WebMessagingOptions {
  deploymentId: string;
  /** A region's domain, or what a snippet calls it. */
  environment?: string;
  /** One origin that serves socket, REST and configuration in place of the region's hosts. */
  endpoint?: string;
  /** The origin of the page around a hub frame. */
  embedder?: string;
}

/** What the platform takes where it does not say. */
const ATTRIBUTES_BYTES = 2_048;

export function createWebMessaging({ deploymentId, environment, endpoint, embedder }: WebMessagingOptions): Protocol {
  const domain = toDomain(environment ?? "");
  const hosts = toHosts(domain ?? "", endpoint);
  /** Of the deployment, as last fetched. */
  let dialect: Dialect | undefined;
  const spent: Spent = {};
  const login: Login = { refusals: 0 };
  /** By the session, before it authorizes. */
  let lent: Lent;

  /** A region's files may name other hosts than the table; an endpoint is all there is. */
  const toSocketUrl = ({ socket }: Deployment) => {
    const query = new URLSearchParams({ deploymentId, application: `genesys-guest-chat-${VERSION}` });
    return `${(!endpoint && socket) || hosts.socket}/v1?${query}`;
  };

  const known = (): Dialect => {
    if (!dialect) throw new Failure("CHAT_INTERNAL", "no connection before authorize");
    return dialect;
  };

  const protocol: Protocol = {
    closeCodes: {},

    findExcess: (attributes) => findExcess(attributes, dialect?.attributesBytes ?? ATTRIBUTES_BYTES),

    async authorize({ saved, reason }, platform, signal) {
      if (!domain && !endpoint) {
        throw new ConnectionFailure("CHAT_CONFIGURATION", `environment="${environment}"`, { decision: { do: "stop" } });
      }
      const { deployment: kept, ...secrets } = saved?.secrets ?? {};
      const { startNew } = secrets;
      const isSame = secrets.token !== undefined && (reason !== "new-session" || startNew !== undefined);
      const isSignedIn = isSame && secrets.signedIn !== undefined;
      const isStale = isSignedIn && (login.jwt === undefined || login.refusals > 0 || reason === "refresh");
      if (dialect && saved && isSame && reason === "start" && !isStale) return saved;
      const hostname = toHostname(embedder ?? globalThis.location?.origin);
      const found = await getDeployment({ cdn: hosts.cdn, deploymentId, hostname, kept }, platform, signal);
      const { deployment } = found;
      dialect = {
        deploymentId,
        deployment,
        lent,
        login,
        api: (!endpoint && deployment.api) || hosts.api,
        spent,
        attributesBytes: dialect?.attributesBytes ?? ATTRIBUTES_BYTES,
      };
      if (!isSignedIn) login.jwt = undefined;
      if (saved && isStale) {
        const { renew } = await import("./authentication.ts");
        await renew(saved, { api: dialect.api, deploymentId, platform, signal }, login, lent.save);
      }
      return {
        url: toSocketUrl(deployment),
        secrets: {
          ...(isSame ? secrets : { token: platform.randomId(), ...(startNew && { startNew }) }),
          deployment: toKept(found),
        },
      };
    },

    createHandler: (connection) => createHandler(connection, known()),

    openErrands: async () => errands,

    reduce: (chat, event, watched) => lent.reduce(chat, event, reduceMore(chat, event, watched)),

    extend(session) {
      const { platform } = session;
      /** With what the last `authorize` has learned: a guest may sign out before there was one. */
      const toCall = () => ({ api: dialect?.api ?? hosts.api, deploymentId, platform });
      const exchange: Exchange = {
        async signIn(given, held) {
          const { signIn } = await import("./authentication.ts");
          return signIn(given, held, toCall(), login, dialect?.deployment.stepUp === true);
        },
        async asAnother(credentials) {
          const { asAnother } = await import("./authentication.ts");
          return asAnother(credentials, platform, login);
        },
        async signOut(held) {
          const { signOut } = await import("./authentication.ts");
          await signOut(held, toCall(), login);
        },
      };
      const added = extend(session, exchange, async () => {
        const { createAfterwards } = await import("./afterwards.ts");
        return createAfterwards(session, protocol, known);
      });
      lent = {
        ...session,
        ...added,
        save(secrets) {
          const { credentials } = session.standing();
          if (credentials) void session.keep({ credentials: { ...credentials, secrets } });
        },
      };
      return added;
    },

    anew: (credentials: Credentials | undefined) =>
      credentials && { ...credentials, secrets: { ...credentials.secrets, startNew: "true" } },
  };
  return protocol;
}

function toHostname(origin: string | undefined): string | undefined {
  return origin && URL.canParse(origin) ? new URL(origin).hostname : undefined;
}

/** A page whose site has no broker tells nobody of its guests but Genesys. */
const errands: Errands = {
  async identify() {
    throw new ConnectionFailure("CHAT_UNSUPPORTED", "sign in instead", { decision: { do: "stop" } });
  },
  async report() {},
  async revoke() {},
};
