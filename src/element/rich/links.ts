/** Which parts of a text are links, and which links are safe to follow. */

/** Not in the midst of a word or another scheme; ends before white space, brackets, quotes and the controls that turn the writing direction (S3). */
const LINK = /(?<![\w:])(?:https?:\/\/|mailto:)[^\s<>"'\u202a-\u202e\u2066-\u2069]+/gi;

export interface Link {
  /** What is shown. */
  label: string;
  href: string;
}

/** A link where it is safe to follow: http(s) or mailto, and nobody's name in it to mislead about the host. */
export function toLink(text: string): Link | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!/^(https?|mailto):$/.test(url.protocol) || url.username || url.password) return null;
  // A host of foreign letters is shown as the network sees it: letters of two scripts can look alike.
  return { label: /(^|\.)xn--/.test(url.hostname) ? url.href : text, href: url.href };
}

/** The parts of a text in order. */
export function splitLinks(text: string): (string | Link)[] {
  const parts: (string | Link)[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    let found = match[0].replace(/[.,;:!?…*_]+$/, "");
    // A closing bracket belongs to the sentence unless the link opened it.
    while (found.endsWith(")") && found.split(")").length > found.split("(").length) found = found.slice(0, -1);
    const link = toLink(found);
    if (!link) continue;
    parts.push(text.slice(end, match.index), link);
    end = match.index + found.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}
