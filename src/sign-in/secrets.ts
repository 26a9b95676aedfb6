/** What a sign-in makes up for itself: random texts, and the challenge that stands for one of them (RFC 7636, section 4). */

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** 256 bits, as 43 characters. */
export const createSecret = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

/** S256. */
export async function toChallenge(verifier: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}
