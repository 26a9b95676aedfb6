/** Guest tokens (Guest API profile, section 2): JWTs signed with HS256, made and checked here. */
import { errors, jwtVerify, SignJWT } from "jose";
import { checkGuestClaims, type GuestClaims } from "../../wire/guest-token.ts";
import type { Guest } from "../sessions.ts";

export type TokenVerdict = { ok: true; claims: GuestClaims } | { ok: false; expired: boolean; reason: string };

export interface GuestTokens {
  /** `seconds`: how long it lives. */
  sign(guest: Guest, seconds: number): Promise<string>;
  /** Never rejects. The reason names the claim, never its value. */
  verify(token: string): Promise<TokenVerdict>;
}

/** `now` in ms since the epoch. */
export function createGuestTokens(secret: string, now: () => number): GuestTokens {
  const key = new TextEncoder().encode(secret);
  return {
    sign(guest, seconds) {
      const iat = Math.floor(now() / 1000);
      return new SignJWT({ routing_hints: guest.routing, attributes: guest.attributes })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setSubject(guest.id)
        .setIssuedAt(iat)
        .setExpirationTime(iat + seconds)
        .sign(key);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ["HS256"], currentDate: new Date(now()) });
        const verdict = checkGuestClaims(payload, now());
        if (verdict.ok) return verdict;
        return { ok: false, expired: verdict.expired ?? false, reason: `The claim ${verdict.claim} is wrong` };
      } catch (error) {
        const expired = error instanceof errors.JWTExpired;
        return { ok: false, expired, reason: expired ? "The token has expired" : "The token is not one of ours" };
      }
    },
  };
}
