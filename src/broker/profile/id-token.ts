/** The check of an ID token (OpenID Connect Core 1.0, section 3.1.3.7): who signed it, for whom, for which sign-in, and when. */
import { errors, type JWTPayload, jwtVerify } from "jose";
import { ID_TOKEN_MAX, type ProfileRequest } from "../../wire/profile.ts";
import { toClaim } from "../genesys/token-check.ts";
import { toReason } from "../genesys/upstream.ts";
import type { Log } from "../log.ts";
import type { Settled } from "../options.ts";
import { isEmail } from "../person.ts";
import { Refusal } from "../problem.ts";
import { createProviderKeys } from "./provider-keys.ts";

const ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"];
const SKEW_S = 60;
const MAX_AGE_S = 600;
/** From now on, for as long as any token can be good that is good now. */
export const ID_TOKEN_LIFE_MS = (MAX_AGE_S + 2 * SKEW_S) * 1000;

/** Who signed in: the issuer, and the e-mail address if the provider has verified it. */
export interface Identity {
  providerId: string;
  email?: string;
}

/** Rejects with `id_token_invalid`, which names the claim, or `provider_unavailable`. */
export type CheckIdToken = (request: ProfileRequest) => Promise<Identity>;

export function createCheckIdToken(
  oidc: NonNullable<Settled["oidc"]>,
  settled: Pick<Settled, "fetch" | "clock"> & { log: Log },
): CheckIdToken {
  const { issuer, clientId } = oidc;
  const { clock, log } = settled;
  const keys = createProviderKeys(oidc, settled);

  const invalid = (claim: string): Refusal => {
    log("warn", "id_token_invalid", { claim });
    return new Refusal("id_token_invalid", `Not accepted: ${claim}.`);
  };

  return async ({ idToken, nonce }) => {
    if (idToken.length > ID_TOKEN_MAX) throw invalid("size");
    let payload: JWTPayload;
    try {
      const verified = await jwtVerify(idToken, keys, {
        issuer,
        audience: clientId,
        algorithms: ALGORITHMS,
        requiredClaims: ["sub", "exp", "nonce"],
        maxTokenAge: MAX_AGE_S,
        clockTolerance: SKEW_S,
        currentDate: new Date(clock.now()),
      });
      const { typ = "JWT" } = verified.protectedHeader;
      // RFC 8725, section 3.11: other kinds of token (at+jwt, logout+jwt) say so here.
      if (!/^(application\/)?jwt$/i.test(typ)) throw invalid("typ");
      payload = verified.payload;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const claim = toClaim(error);
      if (claim !== undefined) throw invalid(claim);
      const reason = error instanceof errors.JOSEError ? error.code : toReason(error);
      log("warn", "provider_unavailable", { reason });
      throw new Refusal("provider_unavailable", undefined, 5_000);
    }
    const { aud, azp, email, email_verified } = payload;
    if (payload.nonce !== nonce) throw invalid("nonce");
    const isForSeveral = Array.isArray(aud) && aud.length > 1;
    if ((isForSeveral || azp !== undefined) && azp !== clientId) throw invalid("azp");
    return { providerId: issuer, ...(email_verified === true && isEmail(email) && { email }) };
  };
}
