/** Where a provider asks who somebody is, by its discovery document (OpenID Connect Discovery 1.0, section 4). */
import { SignInError } from "./error.ts";

const TIMEOUT_MS = 10_000;

/** Rejects with CHAT_SIGN_IN_PROVIDER, or as `signal` does. */
export async function discover(issuer: string, signal: AbortSignal): Promise<string> {
  const fail = (detail: string): SignInError => new SignInError("CHAT_SIGN_IN_PROVIDER", detail);
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const both = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const found: { issuer?: unknown; authorization_endpoint?: unknown } | null = await fetch(url, {
    signal: both,
    credentials: "omit",
    referrerPolicy: "no-referrer",
  })
    .then((response) => (response.ok ? response.json() : Promise.reject()))
    .catch(() => {
      throw fail(`${url} did not answer a page of ${location.origin}.`);
    });
  const endpoint = found?.authorization_endpoint;
  if (found?.issuer !== issuer) throw fail(`${url} is of another issuer.`);
  // Whatever a document says: nothing that is no web address is opened.
  if (typeof endpoint !== "string" || new URL(endpoint, "javascript:").protocol !== new URL(issuer).protocol) {
    throw fail(`${url} has no authorization_endpoint.`);
  }
  return endpoint;
}
