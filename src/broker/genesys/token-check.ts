/** Checks a guest token that Genesys has given: its claims always, its signature where the broker knows how (profile, section 2). */
import { createRemoteJWKSet, customFetch, decodeJwt, errors, jwtVerify } from "jose";
import { checkGuestClaims, type GuestClaims, TOKEN_MAX } from "../../wire/guest-token.ts";
import type { Settled } from "../options.ts";
import { Refusal } from "../problem.ts";

const SKEW_S = 60;

export type TokenVerdict = { ok: true; claims: GuestClaims } | { ok: false; claim: string };

/** Never rejects but with `upstream_unavailable`, when the keys cannot be fetched. `guestId` is whose token it must be. */
export type TokenCheck = (token: string, guestId: string) => Promise<TokenVerdict>;

export function createTokenCheck(settled: Pick<Settled, "guestToken" | "fetch" | "clock">): TokenCheck {
  const { clock } = settled;
  const verify = createVerify(settled);
  return async (token, guestId) => {
    if (token.length > TOKEN_MAX) return { ok: false, claim: "payload" };
    let claims: unknown;
    try {
      claims = decodeJwt(token);
    } catch {
      return { ok: false, claim: "payload" };
    }
    const verdict = checkGuestClaims(claims, clock.now());
    if (!verdict.ok) return { ok: false, claim: verdict.claim };
    if (verdict.claims.sub !== guestId) return { ok: false, claim: "sub" };
    const failed = await verify?.(token);
    return failed ? { ok: false, claim: failed } : verdict;
  };
}

/** Gives what failed. Algorithms are fixed here: what the token says about them, and any key in it, is ignored. */
function createVerify({ guestToken, fetch, clock }: Pick<Settled, "guestToken" | "fetch" | "clock">) {
  if (!guestToken) return undefined;
  const common = () => ({ clockTolerance: SKEW_S, currentDate: new Date(clock.now()) });
  let check: (token: string) => Promise<unknown>;
  if ("secret" in guestToken) {
    const key = new TextEncoder().encode(guestToken.secret);
    check = (token) => jwtVerify(token, key, { algorithms: ["HS256"], ...common() });
  } else {
    const keys = createRemoteJWKSet(new URL(guestToken.jwksUrl), {
      [customFetch]: async (url, init) => fetch(new Request(url, init)),
    });
    check = (token) => jwtVerify(token, keys, { algorithms: ["RS256", "PS256", "ES256"], ...common() });
  }
  return async (token: string): Promise<string | undefined> => {
    try {
      await check(token);
      return undefined;
    } catch (error) {
      const claim = toClaim(error);
      if (claim !== undefined) return claim;
      throw new Refusal("upstream_unavailable", undefined, 5_000);
    }
  };
}

/** What failed, when an error of jose's is the token's fault: a claim, or "signature". */
export function toClaim(error: unknown): string | undefined {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) return error.claim;
  return isAboutToken(error) ? "signature" : undefined;
}

const isAboutToken = (error: unknown): boolean =>
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JWSInvalid ||
  error instanceof errors.JWTInvalid ||
  error instanceof errors.JOSEAlgNotAllowed ||
  error instanceof errors.JOSENotSupported ||
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys;
