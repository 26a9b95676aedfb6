/** The launcher: the round button that opens the chat, with the number of unread messages. */
import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../texts.ts";
import { chatIcon, downIcon } from "./icons.ts";
import type { Model } from "./model.ts";

export function launcher({ open, state: { unread }, texts, toggle }: Model): TemplateResult {
  // Open, it has a name of its own: "Close chat" is the button in the panel.
  return html`<button class="launcher" part="launcher" aria-label=${open ? texts.hideChat : texts.openChat} aria-description=${unread && !open ? fill(texts.unread, unread) : nothing} aria-expanded=${open}
    @click=${toggle}>${open ? downIcon : chatIcon}${
      unread && !open ? html`<span class="badge" part="badge">${unread > 99 ? "99+" : unread}</span>` : nothing
    }</button>`;
}
