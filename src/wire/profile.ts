/** `PUT /v1/profile`, as both ends know it (Guest API profile, section 4): who a guest is to an identity provider. */
import { findFault, isNumber, isPlain, isTextOf, optional } from "../shape.ts";

/** Longest ticket, in characters. */
export const TICKET_MAX = 8_192;

/** Longest ID token that is read, in characters; what goes with it, and what a caller vouches for, alike. */
export const ID_TOKEN_MAX = 8_192;
export const NONCE_MAX = 256;
export const PROVIDER_MAX = 256;
/** RFC 5321, section 4.5.3.1.3. */
export const EMAIL_MAX = 254;

/** `PUT /v1/profile`, with the ticket as bearer: an ID token of the broker's provider and the nonce it was asked for with. */
export interface ProfileRequest {
  /** At most `ID_TOKEN_MAX` characters. */
  idToken: string;
  nonce: string;
}

/** `PUT /v1/profile` to a broker whose caller vouches for the guest (`trustCaller`); no browser's. */
export interface VouchedProfile {
  providerId: string;
  email: string;
}

/** Who the guest is to an identity provider. */
export interface Profile {
  /** The issuer, never the subject. */
  providerId: string;
  /** Absent when the provider has not verified it. */
  email?: string;
  /** ISO 8601. */
  syncedAt: string;
}

/** 200 to `PUT /v1/profile`; `ticket` takes the place of the one sent. */
export interface ProfileAnswer extends Profile {
  ticket: string;
  now: number;
}

const PROOF = { idToken: isTextOf(ID_TOKEN_MAX), nonce: isTextOf(NONCE_MAX) };
const VOUCHED = { providerId: isTextOf(PROVIDER_MAX), email: isTextOf(EMAIL_MAX) };

/** Checks what is to be sent: the name of the first bad field, null when all is well. */
export const findIdentityFault = (body: unknown): string | null =>
  findFault(body, isPlain(body) && "providerId" in body ? VOUCHED : PROOF);

const isFilled = isTextOf(TICKET_MAX);
const PROFILE_ANSWER = {
  providerId: isFilled,
  email: optional(isFilled),
  syncedAt: isFilled,
  ticket: isFilled,
  now: isNumber,
};

/** As `findAnswerFault`, for the answer to `PUT /v1/profile`. */
export const findProfileFault = (body: unknown): string | null => {
  const fault = findFault(body, PROFILE_ANSWER);
  return fault === "" ? "body" : fault;
};
