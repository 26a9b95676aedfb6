/** Tokens of signed-in guests (sections 1.3 and 4.9 of the protocol): exchange, refresh and revoke, and the check of what they give. */
import { Hono } from "hono";
import { errors, jwtVerify, SignJWT } from "jose";
import * as v from "valibot";
import type { SandboxClock } from "../options.ts";
import type { Deployment } from "./deployment.ts";
import type { Deployments } from "./deployments.ts";
import { allowPages, checkPage } from "./origins.ts";
import { answerRefused, Refused, readBearer, readJson } from "./platform-error.ts";
import { createIdentify, type Grant, type Person, type ProviderFetch } from "./provider.ts";

/** A signed-in guest. `key` is the same on all devices and in all sessions of one deployment. */
export interface SignedIn extends Person {
  key: string;
  deploymentId: string;
}

export type AuthVerdict = { ok: true; guest: SignedIn } | { ok: false; expired: boolean };

export interface Tokens {
  routes: Hono;
  /** Of the JWT in `configureAuthenticatedSession`. Never rejects. */
  verify(jwt: string): Promise<AuthVerdict>;
  /** Called when a guest has logged out, on all devices at once. Returns the un-listen. */
  listen(listener: (guest: SignedIn) => void): () => void;
}

export interface TokensParts {
  clock: SandboxClock;
  randomId: () => string;
  deployments: Deployments;
  /** For the identity providers. */
  fetch: ProviderFetch;
}

/** One sign-in; what was given for it is good while it is here. */
interface SignIn {
  guest: SignedIn;
  refreshToken?: string;
  /** ms since the epoch. */
  until: number;
}

const PATH = "/api/v2/webdeployments/token";
const AUDIENCE = "webmessaging-auth";
const SIGN_INS = 5000;

const text = v.pipe(v.string(), v.nonEmpty("Expected some text"), v.maxLength(8192));
const about = { maxAge: v.optional(v.number()), iss: v.optional(text) };
const exchange = v.object({
  deploymentId: text,
  oauth: v.union(
    [
      v.object({ ...about, code: text, redirectUri: text, codeVerifier: v.optional(text), nonce: v.optional(text) }),
      v.object({ ...about, idToken: text, nonce: text }),
    ],
    "Expected code and redirectUri, or idToken and nonce",
  ),
});
const refresh = v.object({ refreshToken: text, deploymentId: v.optional(text) });

const badCredentials = () => new Refused(401, "bad.credentials", "Invalid login credentials");

export function createTokens({ clock, randomId, deployments, fetch }: TokensParts): Tokens {
  const identify = createIdentify(clock, fetch);
  const key = new TextEncoder().encode(`${randomId()}${randomId()}`);
  /** By the id that the JWTs bear. */
  const signIns = new Map<string, SignIn>();
  const listeners = new Set<(guest: SignedIn) => void>();

  const sign = (id: string, { auth }: Deployment): Promise<string> => {
    const iat = Math.floor(clock.now() / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(id)
      .setJti(randomId())
      .setAudience(AUDIENCE)
      .setIssuedAt(iat)
      .setExpirationTime(iat + auth.jwtSeconds)
      .sign(key);
  };
  const verify = async (jwt: string): Promise<AuthVerdict> => {
    try {
      const { payload } = await jwtVerify(jwt, key, { audience: AUDIENCE, currentDate: new Date(clock.now()) });
      const guest = signIns.get(String(payload.sub))?.guest;
      return guest ? { ok: true, guest } : { ok: false, expired: false };
    } catch (error) {
      return { ok: false, expired: error instanceof errors.JWTExpired };
    }
  };
  const remember = (guest: SignedIn, refreshToken: string | undefined, { auth }: Deployment): string => {
    const now = clock.now();
    for (const [id, { until }] of signIns) if (until <= now || signIns.size >= SIGN_INS) signIns.delete(id);
    const id = randomId();
    // Without a refresh token nothing follows the first JWT.
    const seconds = refreshToken === undefined ? auth.jwtSeconds : auth.refreshSeconds;
    signIns.set(id, { guest, refreshToken, until: now + seconds * 1000 });
    return id;
  };

  const routes = new Hono();
  routes.onError(answerRefused(randomId));
  routes.use(`${PATH}/*`, allowPages(deployments.all, "POST, DELETE"), async (c, next) => {
    c.header("Cache-Control", "no-store");
    await next();
  });

  routes.post(`${PATH}/oauthcodegrantjwtexchange`, async (c) => {
    const { deploymentId, oauth } = await readJson(c, exchange, "required.fields.missing");
    const deployment = deployments.get(deploymentId);
    checkPage(deployment, c);
    if (!deployment.auth.enabled) {
      throw new Refused(403, "feature.toggle.disabled", "The deployment has no authenticated sessions");
    }
    const person = await identify(oauth satisfies Grant, deployment);
    const guest = { ...person, deploymentId, key: JSON.stringify([deploymentId, person.issuer, person.subject]) };
    const refreshToken = "code" in oauth ? `${randomId()}${randomId()}`.replaceAll("-", "") : undefined;
    const jwt = await sign(remember(guest, refreshToken, deployment), deployment);
    return c.json({ jwt, ...(refreshToken !== undefined && { refreshToken }) });
  });

  routes.post(`${PATH}/refresh`, async (c) => {
    const { refreshToken, deploymentId } = await readJson(c, refresh, "required.fields.missing");
    const [id, known] = [...signIns].find(([, each]) => each.refreshToken === refreshToken) ?? [];
    if (id === undefined || !known || known.until <= clock.now()) throw badCredentials();
    if (deploymentId !== undefined && deploymentId !== known.guest.deploymentId) throw badCredentials();
    const deployment = deployments.get(known.guest.deploymentId);
    checkPage(deployment, c);
    return c.json({ jwt: await sign(id, deployment) });
  });

  routes.delete(`${PATH}/revoke`, async (c) => {
    const verdict = await verify(readBearer(c) ?? "");
    if (!verdict.ok) throw badCredentials();
    const { guest } = verdict;
    checkPage(deployments.get(guest.deploymentId), c);
    for (const [id, each] of signIns) if (each.guest.key === guest.key) signIns.delete(id);
    for (const listener of [...listeners]) listener(guest);
    return c.body(null, 204);
  });

  return {
    routes,
    verify,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
