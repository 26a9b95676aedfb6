/** The guest token as the browser sees it: decoded and its claims checked before every connect; the signature is the broker's to verify. */
import { decodeJwt } from "jose";
import { checkGuestClaims } from "../../wire/guest-token.ts";

/** What is wrong with the token, naming the claim and never its value; null where nothing is. `serverNow` in ms. */
export function findTokenFault(token: string, serverNow: number): string | null {
  let claims: unknown;
  try {
    claims = decodeJwt(token);
  } catch {
    return "guest token: not a JWT";
  }
  const verdict = checkGuestClaims(claims, serverNow);
  if (verdict.ok) return null;
  return `guest token: claim ${verdict.claim} is ${verdict.expired ? "in the past" : "missing or malformed"}`;
}
