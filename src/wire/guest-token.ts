/** The claims of a guest token (Guest API profile, section 2): what must be in it, checked by broker and browser alike. */
import { findFault, isNumber, isPlain, isText, isTextOf } from "../shape.ts";

export interface GuestClaims {
  /** The guest's id. */
  sub: string;
  /** Seconds since the epoch. */
  exp: number;
  /** Seconds since the epoch. */
  iat: number;
  /** Not empty. */
  routing_hints: Record<string, string>;
  attributes: Record<string, unknown>;
}

/** The longest guest token that is read, in characters: 10 KB of attributes are in it, as base64url and with room to spare. */
export const TOKEN_MAX = 32_768;

export type ClaimsVerdict = { ok: true; claims: GuestClaims } | { ok: false; claim: string; expired?: true };

const CLAIMS = {
  sub: isTextOf(128),
  iat: isNumber,
  exp: isNumber,
  routing_hints: (value: unknown) =>
    isPlain(value) && Object.keys(value).length > 0 && Object.values(value).every(isText),
  attributes: isPlain,
};

/**
 * Judges decoded claims. `now` is in ms on the server's clock: who asks corrects for the skew first.
 * A verdict names the first claim that fails ("payload" when there are none), never its value.
 */
export function checkGuestClaims(value: unknown, now: number): ClaimsVerdict {
  const fault = findFault(value, CLAIMS);
  if (fault !== null) return { ok: false, claim: fault || "payload" };
  const claims = value as GuestClaims;
  return claims.exp * 1000 > now ? { ok: true, claims } : { ok: false, claim: "exp", expired: true };
}
