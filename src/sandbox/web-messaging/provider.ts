/** The platform's side of signing in: a deployment's OpenID provider is asked for an ID token, and the token is checked against its keys. */
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from "jose";
import * as v from "valibot";
import type { SandboxClock } from "../options.ts";
import type { Deployment } from "./deployment.ts";
import { Refused } from "./platform-error.ts";

export type ProviderFetch = (request: Request) => Promise<Response>;

/** What an exchange brings: section 1.3 of the protocol. */
export type Grant = { nonce?: string; maxAge?: number; iss?: string } & (
  | { code: string; redirectUri: string; codeVerifier?: string }
  | { idToken: string; nonce: string }
);

/** Who has signed in. */
export interface Person {
  issuer: string;
  subject: string;
  firstName?: string;
  lastName?: string;
  email?: string;
}

/** Rejects with a Refused: 401 when the provider or the check says no, 503 when the provider cannot be asked. */
export type Identify = (grant: Grant, deployment: Deployment) => Promise<Person>;

const ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"];
const SKEW_S = 60;
const TIMEOUT_MS = 5000;

const metadata = v.object({ issuer: v.string(), token_endpoint: v.string(), jwks_uri: v.string() });
const tokenAnswer = v.object({ id_token: v.string() });

type Provider = NonNullable<Deployment["auth"]["provider"]>;

const refused = (reason: string) => new Refused(401, "bad.credentials", reason);
const unavailable = () => new Refused(503, "service.unavailable", "The identity provider cannot be asked");

export function createIdentify(clock: SandboxClock, fetch: ProviderFetch): Identify {
  const ask = async (url: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> => {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(new Request(url, { redirect: "error", signal, ...init }));
      return { status: response.status, body: await response.json() };
    } catch {
      throw unavailable();
    }
  };

  const discover = async ({ issuer }: Provider) => {
    const { status, body } = await ask(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
    if (status !== 200 || !v.is(metadata, body) || body.issuer !== issuer) throw unavailable();
    const keys = createRemoteJWKSet(new URL(body.jwks_uri), {
      [customFetch]: (url, { headers, signal }) => fetch(new Request(url, { headers, signal })),
    });
    return { tokenEndpoint: body.token_endpoint, keys };
  };
  const found = new Map<string, ReturnType<typeof discover>>();
  const find = (provider: Provider): ReturnType<typeof discover> => {
    const { issuer } = provider;
    const finding = found.get(issuer) ?? discover(provider);
    found.set(issuer, finding);
    finding.catch(() => found.delete(issuer));
    return finding;
  };

  /** RFC 6749, section 4.1.3, and RFC 7636, section 4.5. */
  const redeem = async (
    grant: Extract<Grant, { code: string }>,
    { clientId, clientSecret }: Provider,
    endpoint: string,
  ): Promise<string> => {
    const form = new URLSearchParams({
      grant_type: "authorization_code",
      code: grant.code,
      redirect_uri: grant.redirectUri,
      client_id: clientId,
      ...(grant.codeVerifier !== undefined && { code_verifier: grant.codeVerifier }),
      ...(clientSecret !== undefined && { client_secret: clientSecret }),
    });
    const { status, body } = await ask(endpoint, { method: "POST", body: form });
    if (status >= 500) throw unavailable();
    if (status !== 200) throw refused("The identity provider has refused the code");
    if (!v.is(tokenAnswer, body)) throw refused("The identity provider has given no ID token");
    return body.id_token;
  };

  return async (grant, { auth: { provider } }) => {
    if (!provider) throw refused("The deployment has no identity provider");
    if (grant.iss !== undefined && grant.iss !== provider.issuer) throw refused("iss: another provider's");
    const { tokenEndpoint, keys } = await find(provider);
    const idToken = "idToken" in grant ? grant.idToken : await redeem(grant, provider, tokenEndpoint);
    let claims: JWTPayload;
    try {
      const { payload } = await jwtVerify(idToken, keys, {
        issuer: provider.issuer,
        audience: provider.clientId,
        algorithms: ALGORITHMS,
        requiredClaims: ["sub", "exp", "iat"],
        clockTolerance: SKEW_S,
        currentDate: new Date(clock.now()),
      });
      claims = payload;
    } catch (error) {
      // Keys that were not had are its fault, not the token's: jose says so by no code of their own.
      const isAboutToken = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
      if (!isAboutToken || error.code === errors.JOSEError.code) throw unavailable();
      throw refused(`The ID token is not accepted: ${error.code}`);
    }
    const { nonce, auth_time: signedInAt } = claims;
    // In the code flow the platform's mobile clients tell no nonce, also where the provider was given one.
    if (grant.nonce !== undefined && nonce !== grant.nonce) throw refused("nonce: another sign-in's");
    if (grant.maxAge !== undefined) {
      const age = clock.now() / 1000 - Number(signedInAt);
      if (!(age <= grant.maxAge + SKEW_S)) throw refused("auth_time: signed in too long ago");
    }
    return toPerson(provider.issuer, claims);
  };
}

const toText = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

function toPerson(issuer: string, claims: JWTPayload): Person {
  return {
    issuer,
    subject: String(claims.sub),
    firstName: toText(claims.given_name),
    lastName: toText(claims.family_name),
    email: claims.email_verified === true ? toText(claims.email) : undefined,
  };
}
