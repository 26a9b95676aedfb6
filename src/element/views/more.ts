/** What a message holds beside its text; where the chunk that shows it cannot be had, a sentence says so. */
import { html, nothing } from "lit";
import type { Message } from "../../chat/message.ts";
import type { Model } from "./model.ts";

/** `closed`: it cannot be answered any more. */
export function more(message: Message, closed: boolean, model: Model): unknown {
  const isPicker = message.content && message.content.type !== "cards";
  const show = (name: "pickers" | "rich") =>
    model.chunks.get(name)?.show(message, closed, model) ??
    (model.chunks.missing.has(name) ? html`<div class="sys">${model.texts.notShown}</div>` : undefined);
  return isPicker ? [show("pickers"), message.attachments?.length ? show("rich") : nothing] : show("rich");
}
