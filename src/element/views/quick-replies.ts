/** Quick replies: answers to choose from; once one is chosen, none can be. */
import { html, type TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import { canWrite } from "../../chat/state.ts";
import type { Model } from "./model.ts";

export const quickReplies = (message: Message, { state, replied, reply }: Model): TemplateResult => {
  const { chosen, id } = message;
  const closed = chosen !== undefined || replied.has(id) || !canWrite(state.phase);
  return html`<div class="quick">${message.quickReplies?.map(
    (each) =>
      html`<button class=${each.payload === chosen ? "chosen" : ""} ?disabled=${closed} @click=${() => reply(message, each)}>${each.text}</button>`,
  )}</div>`;
};
