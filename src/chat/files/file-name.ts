/** A file's name as it may be shown and sent: what would hide its true ending, or break a line, is left out. */

/** Control characters, and those that turn the direction of what follows. */
export const toSafeName = (name: string): string =>
  name.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "").trim();

/** In lower case, with its dot; "" where there is none. */
export const extensionOf = (name: string): string =>
  /[^.]\.([^.\s]+)$/.test(name) ? name.slice(name.lastIndexOf(".")).toLowerCase() : "";
