/** The access tokens that the broker calls Genesys with: its own, cached, one fetch in flight; and those given for an ID token. */

import type { Once } from "../once.ts";
import type { Settled } from "../options.ts";
import type { AccessToken, AccessTokens, RequestToken } from "./oauth.ts";

/** A token is used for this part of its life, then replaced. */
const USED_PART = 0.8;

/** Client credentials (RFC 6749, section 4.4). */
export function createAccessTokens(
  settled: Pick<Settled, "baseUrl" | "clientId" | "store" | "oidc" | "delegation" | "trustCaller">,
  { requestToken, once }: { requestToken: RequestToken; once: Once },
): AccessTokens {
  const { baseUrl, clientId, store, oidc, delegation, trustCaller } = settled;
  const scopes = ["guest:create", "guest:read", "webchat:send"];
  if (delegation === "client-credentials" && (oidc || trustCaller)) scopes.push("user:read");
  const key = `access-token:${baseUrl}:${clientId}:${scopes.join(" ")}`;

  const get = () =>
    once(
      key,
      (made: AccessToken) => made.lifeMs * USED_PART,
      () => requestToken("oauth_token", "client_credentials", scopes),
    );
  return {
    get,
    async renew(refused) {
      const kept = await store.get(key);
      if (kept !== undefined && (JSON.parse(kept) as AccessToken).token === refused.token) await store.delete(key);
      return get();
    },
  };
}

/** Token exchange (RFC 8693, section 2.1): Genesys decides by the guest's own sign-in what may be written. Never cached. */
export function createExchange(requestToken: RequestToken): (idToken: string) => AccessTokens {
  return (idToken) => {
    const exchange = () =>
      requestToken("token_exchange", "urn:ietf:params:oauth:grant-type:token-exchange", ["guest:read", "user:read"], {
        subject_token: idToken,
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      });
    return { get: exchange, renew: exchange };
  };
}
