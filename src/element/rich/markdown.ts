/**
 * Markdown as a tree: the small part of it that people and bots write in chats. Pure: what is shown of the tree are
 * elements and text nodes, so nothing in a text can become anything else.
 */
import { splitLinks, toLink } from "./links.ts";

export type Inline =
  | string
  | { type: "bold" | "italic" | "struck"; parts: Inline[] }
  | { type: "code"; text: string }
  | { type: "link"; href: string; parts: Inline[] };

export type Block =
  | { type: "paragraph" | "heading" | "quote"; parts: Inline[] }
  | { type: "code"; text: string }
  | { type: "list"; ordered: boolean; start: number; items: ListEntry[] };

export interface ListEntry {
  parts: Inline[];
  /** Lists below it. */
  lists: Block[];
}

/** In order of what binds most: code, links, bold, struck, italic. Each ends on its line or paragraph; none can backtrack far. */
const INLINE =
  /`([^`\n]+)`|\[([^\]\n]{1,500})\]\(\s*<?([^\s()<>]{1,2000}(?:\([^\s()<>]*\)[^\s()<>]*)?)>?\s*\)|\*\*(?=\S)([^*]{1,2000}(?:\*(?!\*)[^*]{0,2000}){0,9}?)\*\*|(?<!\w)__(?=\S)([^_]{1,2000})__(?!\w)|~~(?=\S)([^~]{1,2000})~~|\*(?=[^\s*])([^*]{1,2000})\*|(?<!\w)_(?=[^\s_])([^_]{1,2000})_(?!\w)|\\([\\`*_~[\]()#+\-.!>{}|])/;

/** Deeper nesting is shown as it was written. */
const DEPTH = 6;

const toPlain = (text: string): Inline[] =>
  splitLinks(text).map((part) =>
    typeof part === "string" ? part : { type: "link", href: part.href, parts: [part.label] },
  );

export function toInline(text: string, depth = 0, linked = false): Inline[] {
  const match = depth < DEPTH ? INLINE.exec(text) : null;
  if (!match) return text === "" ? [] : linked ? [text] : toPlain(text);
  const [whole, code, label, target, strong, strong2, struck, italic, italic2, escaped] = match;
  // What is a link as it stands is one first: its address may well have stars and strokes in it.
  const before = text.slice(0, match.index);
  const rest = text.slice(match.index + whole.length);
  const inside = (part: string, isLink = linked) => toInline(part, depth + 1, isLink);
  let found: Inline;
  if (code !== undefined) found = { type: "code", text: code };
  else if (label !== undefined && target !== undefined) {
    const href = linked ? undefined : toLink(target)?.href;
    found = href ? { type: "link", href, parts: inside(label, true) } : whole;
  } else if (escaped !== undefined) found = escaped;
  else if (struck !== undefined) found = { type: "struck", parts: inside(struck) };
  else if (italic !== undefined || italic2 !== undefined)
    found = { type: "italic", parts: inside(italic ?? italic2 ?? "") };
  else found = { type: "bold", parts: inside(strong ?? strong2 ?? "") };
  return [...(linked ? [before] : toPlain(before)), found, ...toInline(rest, depth, linked)];
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}> ?(.*)$/;

interface Line {
  indent: number;
  ordered: boolean;
  start: number;
  text: string;
}

const toItem = (line: string): Line | null => {
  const match = ITEM.exec(line);
  if (!match) return null;
  const [, indent = "", number, text = ""] = match;
  return { indent: indent.length, ordered: number !== undefined, start: Number(number ?? 1), text };
};

/** Lines of a list that were read in a row; those with more indent are below the one before them. */
function toLists(lines: readonly Line[], depth = 0): Block[] {
  const lists: Extract<Block, { type: "list" }>[] = [];
  const base = lines[0]?.indent ?? 0;
  for (let at = 0; at < lines.length; ) {
    const { ordered, start, text } = lines[at] as Line;
    let end = at + 1;
    while (end < lines.length && (lines[end] as Line).indent > base + 1) end += 1;
    const below = lines.slice(at + 1, end);
    const entry = { parts: toInline(text), lists: depth < DEPTH ? toLists(below, depth + 1) : [] };
    const last = lists.at(-1);
    if (last?.ordered === ordered) last.items.push(entry);
    else lists.push({ type: "list", ordered, start, items: [entry] });
    at = end;
  }
  return lists;
}

export function toBlocks(text: string): Block[] {
  const lines = text.replace(/\t/g, "    ").split(/\r?\n/);
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    /** Lines from here on, as long as they are of one kind. */
    const run = <T>(read: (line: string) => T | null | undefined): T[] => {
      const found: T[] = [];
      for (; at < lines.length; at += 1) {
        const one = read(lines[at] as string);
        if (one === null || one === undefined) break;
        found.push(one);
      }
      return found;
    };
    const line = lines[at] as string;
    const fence = FENCE.exec(line)?.[1];
    const heading = HEADING.exec(line)?.[1];
    if (line.trim() === "") at += 1;
    else if (fence) {
      at += 1;
      const code = run((each) => (each.trim().startsWith(fence) ? null : each));
      at += 1;
      blocks.push({ type: "code", text: code.join("\n") });
    } else if (heading !== undefined) {
      at += 1;
      blocks.push({ type: "heading", parts: toInline(heading) });
    } else if (QUOTE.test(line)) {
      blocks.push({ type: "quote", parts: toInline(run((each) => QUOTE.exec(each)?.[1]).join("\n")) });
    } else if (toItem(line)) {
      blocks.push(...toLists(run(toItem)));
    } else {
      const isText = (each: string) =>
        each.trim() !== "" && !FENCE.test(each) && !HEADING.test(each) && !QUOTE.test(each) && !toItem(each);
      const text = run((each) => (isText(each) ? each : null)).join("\n");
      blocks.push({ type: "paragraph", parts: toInline(text) });
    }
  }
  return blocks;
}
