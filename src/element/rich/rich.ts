/** Cards, files in messages, the pictures of quick replies. A chunk of its own. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { createAttached } from "./attached.ts";
import { createCards } from "./cards.ts";
import { createPicture } from "./picture.ts";
import { attachedStyles } from "./styles-attached.ts";
import { cardStyles } from "./styles-cards.ts";
import { richStyles } from "./styles-rich.ts";

export const styles = richStyles + cardStyles + attachedStyles;

export const create = (kit: Kit) => {
  const picture = createPicture(kit);
  const cards = createCards(kit, picture);
  const attached = createAttached(kit);
  return {
    /** The picture of a quick reply. */
    thumb: (url: string) => picture(url, "thumb"),
    show: (message: Message, closed: boolean, model: PlainModel): TemplateResult =>
      kit.html`${message.content?.type === "cards" ? cards(message.content, message, closed, model) : kit.nothing}${
        message.attachments?.length ? attached(message, model) : kit.nothing
      }`,
  };
};
