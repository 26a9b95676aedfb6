/** The list picker: a list, and a button that sends what was chosen of it. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { ListPicker } from "../../chat/rich.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { toItems } from "./lists.ts";
import type { PickerKit } from "./picker-kit.ts";
import { toPickerTexts } from "./texts-pickers.ts";

export function createListPicker({ html, nothing, root, update, heading, lists }: PickerKit) {
  /** By message. */
  const drafts = new Map<string, ReadonlySet<string>>();
  /** Messages whose button was pressed with nothing chosen. */
  const refused = new Set<string>();

  return (prefix: string, picker: ListPicker, message: Message, closed: boolean, model: PlainModel): TemplateResult => {
    const { id, chosen: payload } = message;
    const texts = toPickerTexts(model.texts);
    const chosen = payload === undefined ? (drafts.get(id) ?? new Set()) : new Set(payload.split("\n"));
    const invalid = refused.has(id);
    const onChange = (next: ReadonlySet<string>) => {
      drafts.set(id, next);
      refused.delete(id);
      update();
    };
    const confirm = () => {
      const items = toItems(picker.sections, chosen).map((item) => ({ text: item.title, payload: item.id }));
      if (items.length === 0) {
        refused.add(id);
        update().then(() => root.getElementById(`${prefix}-0-0`)?.focus());
        return;
      }
      const text = new Intl.ListFormat(model.times.language, { type: "unit" }).format(items.map((item) => item.text));
      model.reply(message, {
        text,
        payload: items.map((item) => item.payload).join("\n"),
        answer: { type: "list", items },
      });
    };
    const title = `${prefix}-title`;
    const error = `${prefix}-error`;
    return html`<div class="picker" role="group" aria-labelledby=${picker.title ? title : nothing}>${heading(picker, title)}${lists(
      prefix,
      {
        sections: picker.sections,
        chosen,
        closed,
        invalid,
        describedBy: error,
        label: picker.title ?? message.text,
        onChange,
      },
    )}<p class="wrong" id=${error}>${invalid ? texts.chooseOne : nothing}</p>${
      closed ? nothing : html`<button class="main" @click=${confirm}>${picker.buttonText ?? texts.confirm}</button>`
    }</div>`;
  };
}
