/** Profile: who a guest is to an identity provider. Types only. */

/** What proves it: an ID token and the nonce it was asked for with; or, where the broker trusts its caller, that caller's word. */
export type Identity = { idToken: string; nonce: string } | { providerId: string; email: string };

export interface Profile {
  /** The issuer, never the subject. */
  providerId: string;
  /** Absent where the provider has not verified it. */
  email?: string;
  /** ISO 8601. */
  syncedAt: string;
}

/** What came back from the identity provider; Genesys exchanges it. */
export type SignIn =
  | { code: string; redirectUri: string; codeVerifier?: string; nonce?: string }
  | { idToken: string; nonce: string };
