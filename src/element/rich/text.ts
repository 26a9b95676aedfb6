/**
 * Rich text: text nodes and safe links, nothing else. Line breaks are left to the style sheet. A chunk of its own: until
 * it is there, and where it cannot be had, a text is shown as it is.
 */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import { splitLinks } from "./links.ts";

export const styles = "";

export const create =
  ({ html }: Kit) =>
  (text: string): (string | TemplateResult)[] =>
    splitLinks(text).map((part) =>
      typeof part === "string"
        ? part
        : html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer"
          >${part.label}</a
        >`,
    );
