/** The date picker: an offered time is sent as it is chosen, a day of a span with a button. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { DatePicker } from "../../chat/rich.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { isOffered, toDateText } from "./dates.ts";
import type { PickerKit } from "./picker-kit.ts";
import { toSpanText } from "./span-text.ts";
import { toPickerTexts } from "./texts-pickers.ts";

export function createDatePicker({ html, nothing, root, update, heading, dates }: PickerKit) {
  /** By message. */
  const drafts = new Map<string, string | undefined>();
  const refused = new Set<string>();

  return (prefix: string, picker: DatePicker, message: Message, closed: boolean, model: PlainModel): TemplateResult => {
    const { id } = message;
    const { language } = model.times;
    const texts = toPickerTexts(model.texts);
    const chosen = message.chosen ?? drafts.get(id);
    const invalid = refused.has(id);
    const isSpan = picker.times.length === 0;
    const send = (payload: string) =>
      model.reply(message, { text: toDateText(picker, payload, language), payload, answer: { type: "date" } });
    const confirm = () => {
      if (chosen && isOffered(picker, chosen)) return send(chosen);
      refused.add(id);
      update().then(() => root.getElementById(`${prefix}-0`)?.focus());
    };
    const title = `${prefix}-title`;
    const error = `${prefix}-error`;
    return html`<div class="picker" role="group" aria-labelledby=${picker.title ? title : nothing}>${heading(picker, title)}${dates(
      prefix,
      {
        dates: picker,
        chosen,
        closed,
        invalid,
        describedBy: isSpan ? error : undefined,
        label: picker.title ?? texts.chooseDay,
        language,
        texts: model.texts,
        onChange(iso) {
          if (!isSpan) return iso && send(iso);
          drafts.set(id, iso);
          refused.delete(id);
          update();
        },
      },
    )}${
      isSpan
        ? html`<p class="wrong" id=${error}>${invalid ? toSpanText(picker, language, texts) : nothing}</p>${
            closed ? nothing : html`<button class="main" @click=${confirm}>${texts.confirm}</button>`
          }`
        : nothing
    }</div>`;
  };
}
