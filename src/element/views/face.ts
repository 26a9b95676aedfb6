/** A face: the picture of who writes, or initials. */
import { html, nothing, type TemplateResult } from "lit";
import { chatIcon } from "./icons.ts";

/** Of the first and the last word. */
const toInitials = (name: string): string => {
  const letters = name.match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu) ?? [];
  return [letters[0], letters.slice(1).at(-1)].join("");
};

export interface Who {
  from?: string;
  name?: string;
  avatarUrl?: string;
}

export const face = ({ from, name = "", avatarUrl }: Who): TemplateResult =>
  html`<span class="face ${from === "bot" ? from : ""}" aria-hidden="true">${toInitials(name) || chatIcon}${
    avatarUrl?.startsWith("https://")
      ? html`<img src=${avatarUrl} alt="" referrerpolicy="no-referrer" @error=${({ target }: Event) => (target as Element).remove()}>`
      : nothing
  }</span>`;
