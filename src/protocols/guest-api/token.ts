/** The guest token as the browser sees it: decoded and its claims checked before every connect; the signature is the broker's to verify. */
import { checkGuestClaims, TOKEN_MAX } from "../../wire/guest-token.ts";

/** What is wrong with the token, naming the claim and never its value; null where nothing is. `serverNow` in ms. */
export function findTokenFault(token: string, serverNow: number): string | null {
  const verdict = checkGuestClaims(decode(token), serverNow);
  if (verdict.ok) return null;
  return `guest token: ${verdict.claim} is ${verdict.expired ? "in the past" : "missing or malformed"}`;
}

/** The payload of a JWS in compact form (RFC 7515, section 3.1); undefined where the token is none. */
function decode(token: string): unknown {
  if (token.length > TOKEN_MAX) return;
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token)?.[1] ?? "";
  try {
    // base64url (RFC 4648, section 5) is base64 with two other letters and, in a JWT, no padding: `atob` asks for none.
    const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))));
  } catch {
    return undefined;
  }
}
