/** Quick replies: answers to choose from; once one is chosen, none can be. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";

/** `thumb` gives the picture of one, when it is there. */
export const createQuickReplies =
  ({ html }: Kit) =>
  (message: Message, closed: boolean, { reply }: PlainModel, thumb: (url: string) => unknown): TemplateResult =>
    html`<div class="quick">${message.quickReplies?.map(({ text, payload, imageUrl }) => {
      const choose = () => reply(message, { text, payload });
      return html`<button class=${payload === message.chosen ? "chosen" : ""} ?disabled=${closed} @click=${choose}>${imageUrl && thumb(imageUrl)}${text}</button>`;
    })}</div>`;
