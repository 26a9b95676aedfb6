/** Which addresses may be named: in the broker's options, and as an issuer in an activity entry. */

/** A URL with one of these schemes (`https:`), and nothing after its path. */
export const isUrl =
  (...schemes: string[]) =>
  (text: string): boolean => {
    if (!URL.canParse(text)) return false;
    const { protocol, username, search, hash } = new URL(text);
    return schemes.includes(protocol) && username === "" && search === "" && hash === "";
  };

/** A host with a star parses as a URL; it would never match. */
export const isOrigin = (text: string): boolean =>
  isUrl("https:", "http:")(text) && new URL(text).origin === text && !text.includes("*");

const isLoopback = (hostname: string): boolean =>
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** https, or http on this machine: an identity provider's keys decide who is believed. */
export function isTrustworthy(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  return username === "" && (protocol === "https:" || (protocol === "http:" && isLoopback(hostname)));
}
