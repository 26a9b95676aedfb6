/**
 * Rich text: text nodes, safe links and, where the deployment says so, Markdown. Line breaks are left to the style sheet.
 * A chunk of its own: until it is there, and where it cannot be had, a text is shown as it is.
 */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import { splitLinks } from "./links.ts";
import { type Block, type Inline, type ListEntry, toBlocks } from "./markdown.ts";

export const styles = /* css */ `
.bubble a{color:inherit;text-underline-offset:2px;outline-color:currentColor}
.md>*{margin:0}
.md.md>*+*{margin-block-start:8px}
.md :is(ul,ol){display:block;margin:0;padding-inline-start:20px;white-space:normal}
.md li+li,.md li>:is(ul,ol){margin-block-start:2px}
.md b,.md strong{font-weight:650}
.md code{padding:1px 5px;border-radius:6px;background:color-mix(in oklch,currentColor 9%,transparent);font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.md pre{padding:8px 10px;border-radius:10px;background:color-mix(in oklch,currentColor 9%,transparent);overflow:auto}
.md pre code{padding:0;background:none;white-space:pre;overflow-wrap:normal}
.md blockquote{padding-inline-start:10px;border-inline-start:3px solid var(--edge)}
`;

/** What was parsed is kept as long as its message is rendered, and a little longer. */
const KEPT = 200;

export const create = ({ html }: Kit) => {
  type Shown = string | TemplateResult | Shown[];
  const parsed = new Map<string, Block[]>();

  const link = (href: string, label: Shown) =>
    html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer">${label}</a>`;

  const inline = (parts: readonly Inline[]): Shown[] =>
    parts.map((part) => {
      if (typeof part === "string") return part;
      if (part.type === "code") return html`<code>${part.text}</code>`;
      const inside = inline(part.parts);
      if (part.type === "link") return link(part.href, inside);
      if (part.type === "bold") return html`<strong>${inside}</strong>`;
      return part.type === "italic" ? html`<em>${inside}</em>` : html`<s>${inside}</s>`;
    });

  const entry = ({ parts, lists }: ListEntry): TemplateResult => html`<li>${inline(parts)}${lists.map(block)}</li>`;

  function block(one: Block): TemplateResult {
    switch (one.type) {
      case "code":
        return html`<pre tabindex="0"><code>${one.text}</code></pre>`;
      case "list":
        return one.ordered
          ? html`<ol start=${one.start}>${one.items.map(entry)}</ol>`
          : html`<ul>${one.items.map(entry)}</ul>`;
      case "quote":
        return html`<blockquote>${inline(one.parts)}</blockquote>`;
      // A heading of a chat's message is none of the page's.
      case "heading":
        return html`<p><strong>${inline(one.parts)}</strong></p>`;
      default:
        return html`<p>${inline(one.parts)}</p>`;
    }
  }

  function toKeptBlocks(text: string): Block[] {
    const blocks = parsed.get(text) ?? toBlocks(text);
    parsed.delete(text);
    parsed.set(text, blocks);
    for (const [oldest] of parsed) if (parsed.size > KEPT) parsed.delete(oldest);
    return blocks;
  }

  return (text: string, markdown: boolean | undefined): Shown =>
    markdown
      ? html`<div class="md">${toKeptBlocks(text).map(block)}</div>`
      : splitLinks(text).map((part) => (typeof part === "string" ? part : link(part.href, part.label)));
};
