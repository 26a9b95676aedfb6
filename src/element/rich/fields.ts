/** The fields of a form, each with its label, its hint and, where it is wrong, what to do about it. */
import type { TemplateResult } from "lit";
import type { FormField } from "../../chat/rich.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { toIds, toText, type Value } from "./form-draft.ts";
import type { PickerKit } from "./picker-kit.ts";
import { toPickerTexts } from "./texts-pickers.ts";

export interface FieldUse {
  value: Value | undefined;
  wrong: boolean;
  model: PlainModel;
  onChange(value: Value): void;
}

/** Genesys' names of keyboards, by a part of them, as browsers call them. */
const KEYBOARDS: [RegExp, string][] = [
  [/mail/i, "email"],
  [/phone|tel/i, "tel"],
  [/url|web/i, "url"],
  [/decimal/i, "decimal"],
  [/num/i, "numeric"],
];
const toKeyboard = (name = ""): string | undefined => KEYBOARDS.find(([part]) => part.test(name))?.[1];

/** What browsers can fill in; anything else they would have to guess. */
const AUTOCOMPLETE =
  /^(name|given-name|additional-name|family-name|honorific-(prefix|suffix)|nickname|email|tel|organization|organization-title|street-address|address-line[12]|address-level[12]|postal-code|country|country-name|bday|url|username)$/;
const toAutocomplete = (name = ""): string | undefined => {
  const token = name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  return AUTOCOMPLETE.test(token) ? token : undefined;
};

export function createFields({ html, nothing, dates, lists, heading }: PickerKit) {
  return (prefix: string, field: FormField, { value, wrong, model, onChange }: FieldUse): TemplateResult => {
    const texts = toPickerTexts(model.texts);
    const { title, subtitle, required } = field;
    const ids = { first: `${prefix}-0`, label: `${prefix}-title`, error: `${prefix}-error` };
    const label = html`${title}${required ? nothing : html` <small class="hint">(${texts.optional})</small>`}`;
    const hint = subtitle ? html`<span class="hint" id="${prefix}-hint" dir="auto">${subtitle}</span>` : nothing;
    const error = html`<p class="wrong" id=${ids.error}>${wrong ? (field.type === "text" ? texts.required : texts.chooseOne) : nothing}</p>`;
    const describedBy = [subtitle && `${prefix}-hint`, wrong && ids.error].filter(Boolean).join(" ") || undefined;
    const onInput = ({ target }: Event) => onChange((target as HTMLInputElement).value);

    if (field.type === "text") {
      const { placeholder, keyboard, autocomplete } = field;
      const box = field.multiline
        ? html`<textarea class="field" rows="3" id=${ids.first} placeholder=${placeholder ?? nothing} aria-required=${required} aria-describedby=${describedBy ?? nothing} aria-invalid=${wrong} .value=${toText(value)} @input=${onInput}></textarea>`
        : html`<input class="field" id=${ids.first} placeholder=${placeholder ?? nothing} inputmode=${toKeyboard(keyboard) ?? nothing} autocomplete=${toAutocomplete(autocomplete) ?? nothing} aria-required=${required} aria-describedby=${describedBy ?? nothing} aria-invalid=${wrong} .value=${toText(value)} @input=${onInput}>`;
      return html`<div class="asked"><label for=${ids.first} dir="auto">${label}</label>${hint}${box}${error}</div>`;
    }
    if (field.type === "wheel") {
      const chosen = [...toIds(value)][0] ?? "";
      const onSelect = ({ target }: Event) => {
        const id = (target as HTMLSelectElement).value;
        onChange(new Set(id ? [id] : []));
      };
      return html`<div class="asked"><label for=${ids.first} dir="auto">${label}</label>${hint}<select class="field" id=${ids.first} aria-required=${required} aria-describedby=${describedBy ?? nothing} aria-invalid=${wrong} @change=${onSelect}><option value="" .selected=${chosen === ""}>${texts.chooseFrom}</option>${field.items.map(
        (item) => html`<option value=${item.id} .selected=${item.id === chosen}>${item.title}</option>`,
      )}</select>${error}</div>`;
    }
    const group =
      field.type === "date"
        ? dates(prefix, {
            dates: field,
            chosen: toText(value) || undefined,
            closed: false,
            invalid: wrong,
            describedBy,
            label: title ?? texts.chooseDay,
            language: model.times.language,
            texts: model.texts,
            onChange: (iso) => onChange(iso ?? ""),
          })
        : lists(prefix, {
            sections: field.sections,
            chosen: toIds(value),
            closed: false,
            invalid: wrong,
            describedBy,
            label: title,
            onChange,
          });
    return html`<div class="asked" role="group" aria-labelledby=${title ? ids.label : nothing}>${
      title ? html`<span class="label" id=${ids.label} dir="auto">${label}</span>` : nothing
    }${hint}${heading({ imageUrl: field.imageUrl }, "")}${group}${error}</div>`;
  };
}
