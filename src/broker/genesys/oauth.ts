/** The broker's OAuth client at Genesys: one request for a token, and what its failures mean (RFC 6749, section 5). */
import {
  allowInsecureRequests,
  ClientSecretPost,
  Configuration,
  customFetch,
  genericGrantRequest,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "openid-client";
import type { Log } from "../log.ts";
import type { Settled } from "../options.ts";
import { Refusal } from "../problem.ts";
import type { Upstream } from "./upstream.ts";

/** For a server that does not say `expires_in`; a 401 renews sooner. */
const LIFE_S = 300;

export interface AccessToken {
  token: string;
  /** What Genesys granted; the scopes asked for when it did not say. */
  scopes: string[];
  lifeMs: number;
}

/** Where the bearer of a call comes from. */
export interface AccessTokens {
  /** Rejects with a `Refusal`. */
  get(): Promise<AccessToken>;
  /** A token that is not `refused`: many calls that were refused with the same token make one fetch. */
  renew(refused: AccessToken): Promise<AccessToken>;
}

/** `call` names it in the log; `parameters` go into the form beside the client's own. Rejects with a `Refusal`. */
export type RequestToken = (
  call: string,
  grantType: string,
  scopes: readonly string[],
  parameters?: Record<string, string>,
) => Promise<AccessToken>;

export function createRequestToken(
  { baseUrl, clientId, clientSecret }: Pick<Settled, "baseUrl" | "clientId" | "clientSecret">,
  { upstream, log }: { upstream: Upstream; log: Log },
): RequestToken {
  const server = { issuer: baseUrl, token_endpoint: `${baseUrl}/oauth/token` };
  return async (call, grantType, scopes, parameters) => {
    const client = new Configuration(server, clientId, undefined, ClientSecretPost(clientSecret));
    client[customFetch] = (url, { method, headers, body, redirect }) =>
      upstream(call, (signal) => new Request(url, { method, headers, body: body as BodyInit, redirect, signal }));
    if (baseUrl.startsWith("http:")) allowInsecureRequests(client);
    const scope = scopes.join(" ");
    try {
      const answer = await genericGrantRequest(client, grantType, { ...parameters, scope });
      return {
        token: answer.access_token,
        scopes: answer.scope?.split(" ") ?? [...scopes],
        lifeMs: (answer.expires_in ?? LIFE_S) * 1000,
      };
    } catch (error) {
      throw toRefusal(error, { call, scope, log });
    }
  };
}

function toRefusal(error: unknown, { call, scope, log }: { call: string; scope: string; log: Log }): Refusal {
  // The library wraps what its fetch throws.
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof Refusal) return cause;
  const status = toStatus(error);
  if (status !== undefined && status >= 400) {
    const reason = error instanceof ResponseBodyError ? toOAuthCode(error.error) : "unknown";
    log("error", "upstream_unauthorized", { call, status, reason, scope });
    return new Refusal("upstream_unauthorized");
  }
  log("error", "upstream_invalid", { call, ...(status !== undefined && { status }) });
  return new Refusal("upstream_invalid");
}

/** The HTTP status behind an error of the library: of an OAuth error, a challenge, or an answer that is neither. */
function toStatus(error: unknown): number | undefined {
  if (error instanceof ResponseBodyError || error instanceof WWWAuthenticateChallengeError) return error.status;
  return error instanceof Error && error.cause instanceof Response ? error.cause.status : undefined;
}

/** Only codes in the shape of RFC 6749, section 5.2, reach the log. */
const toOAuthCode = (code: string): string => (/^[a-z_]{1,64}$/.test(code) ? code : "unknown");
