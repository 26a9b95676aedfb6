/** The broker's own access token at Genesys: client credentials (RFC 6749, section 4.4), cached, one fetch in flight. */
import {
  allowInsecureRequests,
  ClientSecretPost,
  Configuration,
  clientCredentialsGrant,
  customFetch,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "openid-client";
import type { Log } from "./log.ts";
import type { Once } from "./once.ts";
import type { Settled } from "./options.ts";
import { Refusal } from "./problem.ts";
import type { Upstream } from "./upstream.ts";

export const SCOPES = ["guest:create", "guest:read", "webchat:send"] as const;

/** A token is used for this part of its life, then replaced. */
const USED_PART = 0.8;
/** For a server that does not say `expires_in`; a 401 renews sooner. */
const LIFE_S = 300;

export interface AccessToken {
  token: string;
  /** What Genesys granted; the scopes asked for when it did not say. */
  scopes: string[];
  lifeMs: number;
}

export interface AccessTokens {
  /** Rejects with a `Refusal`. */
  get(): Promise<AccessToken>;
  /** A token that is not `refused`: many calls that were refused with the same token make one fetch. */
  renew(refused: AccessToken): Promise<AccessToken>;
}

export function createAccessTokens(
  settled: Pick<Settled, "baseUrl" | "clientId" | "clientSecret" | "store">,
  parts: { upstream: Upstream; once: Once; log: Log },
): AccessTokens {
  const { baseUrl, clientId, clientSecret, store } = settled;
  const { upstream, once, log } = parts;
  const key = `access-token:${baseUrl}:${clientId}`;
  const client = new Configuration(
    { issuer: baseUrl, token_endpoint: `${baseUrl}/oauth/token` },
    clientId,
    undefined,
    ClientSecretPost(clientSecret),
  );
  client[customFetch] = (url, { method, headers, body, redirect }) =>
    upstream(
      "oauth_token",
      (signal) => new Request(url, { method, headers, body: body as BodyInit, redirect, signal }),
    );
  if (baseUrl.startsWith("http:")) allowInsecureRequests(client);

  const fetchToken = async (): Promise<AccessToken> => {
    try {
      const answer = await clientCredentialsGrant(client, { scope: SCOPES.join(" ") });
      return {
        token: answer.access_token,
        scopes: answer.scope?.split(" ") ?? [...SCOPES],
        lifeMs: (answer.expires_in ?? LIFE_S) * 1000,
      };
    } catch (error) {
      throw toRefusal(error, log);
    }
  };
  const get = () => once(key, (made: AccessToken) => made.lifeMs * USED_PART, fetchToken);
  return {
    get,
    async renew(refused) {
      const kept = await store.get(key);
      if (kept !== undefined && (JSON.parse(kept) as AccessToken).token === refused.token) await store.delete(key);
      return get();
    },
  };
}

function toRefusal(error: unknown, log: Log): Refusal {
  // The library wraps what its fetch throws.
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof Refusal) return cause;
  const status = toStatus(error);
  if (status !== undefined && status >= 400) {
    const reason = error instanceof ResponseBodyError ? toOAuthCode(error.error) : "unknown";
    log("error", "upstream_unauthorized", { call: "oauth_token", status, reason, scope: SCOPES.join(" ") });
    return new Refusal("upstream_unauthorized");
  }
  log("error", "upstream_invalid", { call: "oauth_token", ...(status !== undefined && { status }) });
  return new Refusal("upstream_invalid");
}

/** The HTTP status behind an error of the library: of an OAuth error, a challenge, or an answer that is neither. */
function toStatus(error: unknown): number | undefined {
  if (error instanceof ResponseBodyError || error instanceof WWWAuthenticateChallengeError) return error.status;
  return error instanceof Error && error.cause instanceof Response ? error.cause.status : undefined;
}

/** Only codes in the shape of RFC 6749, section 5.2, reach the log. */
const toOAuthCode = (code: string): string => (/^[a-z_]{1,64}$/.test(code) ? code : "unknown");
