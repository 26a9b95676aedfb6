/** What may stand for a person before an agent's eyes: names and e-mail addresses that cannot deceive. */

/** Unicode's control characters and its overrides of direction. */
const HIDDEN = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

export const hasHidden = (text: string): boolean => HIDDEN.test(text);

/** The outer shape of an address, of at most 254 characters (RFC 5321, section 4.5.3.1.3). */
export const isEmail = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(value) && !hasHidden(value);
