/** The header: who answers, how it stands, and the way out. */
import { html, nothing, type TemplateResult } from "lit";
import { face } from "./face.ts";
import { downIcon } from "./icons.ts";
import type { Model } from "./model.ts";

export function header({ state: { answerer, phase }, texts, toggle }: Model): TemplateResult {
  const live = phase === "live";
  const line = answerer?.from === "bot" ? texts.bot : live ? texts.online : "";
  // No <header>: that is the page's banner, and would be a second one.
  return html`<div class="head" part="header"><slot name="header-start"><span class="standing">${face(answerer ?? {})}${live ? html`<i></i>` : nothing}</span></slot>
    <div><b><bdi>${answerer?.name ?? texts.title ?? texts.chat}</bdi></b><small>${line}</small></div>
    <button class="icon" aria-label=${texts.closeChat} @click=${toggle}>${downIcon}</button></div>`;
}
