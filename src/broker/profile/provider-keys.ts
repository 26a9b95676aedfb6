/** The identity provider's keys, from its discovery document (OpenID Connect Discovery 1.0, section 4) or where the options say. */
import { createRemoteJWKSet, type JWTVerifyGetKey, customFetch as joseFetch } from "jose";
import { allowInsecureRequests, ClientError, customFetch, discovery, None } from "openid-client";
import { isTrustworthy } from "../../wire/urls.ts";
import { readCapped } from "../capped.ts";
import { toReason } from "../genesys/upstream.ts";
import type { Log } from "../log.ts";
import type { Settled } from "../options.ts";
import { Refusal } from "../problem.ts";

const TIMEOUT_S = 5;
const BYTES = 262_144;
const DISCOVERED_MS = 3_600_000;
const RETRY_MS = 5_000;
/** The library's code for a document that is another issuer's. */
const OTHER_ISSUER = "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED";

/** Whom to ask is fixed here; nothing in a token has a say. Rejects with `provider_unavailable`, or as jose does when no key fits. */
export function createProviderKeys(
  { issuer, clientId, jwksUri }: NonNullable<Settled["oidc"]>,
  { fetch, clock, log }: Pick<Settled, "fetch" | "clock"> & { log: Log },
): JWTVerifyGetKey {
  /** Up to a size and, by the caller's signal, a time; a redirect is an answer like any other, and not the one hoped for. */
  const get = async (url: string, headers: HeadersInit, signal: AbortSignal | undefined): Promise<Response> => {
    const response = await fetch(new Request(url, { headers, redirect: "manual", signal }));
    const body = await readCapped(response.body, BYTES);
    if (!body) throw new RangeError("too large");
    return new Response(response.status === 200 ? body : null, { status: response.status, headers: response.headers });
  };

  const discover = async (): Promise<string> => {
    const provider = await discovery(new URL(issuer), clientId, undefined, None(), {
      timeout: TIMEOUT_S,
      [customFetch]: (url, { headers, signal }) => get(url, headers, signal),
      execute: issuer.startsWith("http:") ? [allowInsecureRequests] : [],
    });
    const { issuer: named, jwks_uri: uri } = provider.serverMetadata();
    // To the letter, as section 4.3 wants it: a slash too many would fail every token.
    if (named !== issuer) throw misconfigured("issuer");
    if (uri === undefined || !isTrustworthy(uri)) throw misconfigured("jwks_uri");
    if (uri.startsWith("http:") && !issuer.startsWith("http:")) throw misconfigured("jwks_uri");
    return uri;
  };

  const misconfigured = (claim: string): Refusal => {
    log("error", "provider_invalid", { claim });
    return new Refusal("provider_unavailable");
  };

  const createKeys = (uri: string): JWTVerifyGetKey =>
    createRemoteJWKSet(new URL(uri), {
      timeoutDuration: TIMEOUT_S * 1000,
      [joseFetch]: (url, { headers, signal }) => get(url, headers, signal),
    });

  let found: { keys: Promise<JWTVerifyGetKey>; until: number } | undefined;
  const find = (): Promise<JWTVerifyGetKey> => {
    if (found && clock.monotonic() < found.until) return found.keys;
    const keys = discover().then(createKeys);
    const finding = { keys, until: clock.monotonic() + DISCOVERED_MS };
    found = finding;
    keys.catch(() => {
      if (found === finding) found = undefined;
    });
    return keys;
  };
  const given = jwksUri === undefined ? undefined : createKeys(jwksUri);

  return async (header, token) => {
    let keys: JWTVerifyGetKey;
    try {
      keys = given ?? (await find());
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof ClientError && error.code === OTHER_ISSUER) throw misconfigured("issuer");
      log("warn", "provider_unavailable", { reason: toReason(error) });
      throw new Refusal("provider_unavailable", undefined, RETRY_MS);
    }
    return keys(header, token);
  };
}
