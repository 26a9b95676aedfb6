/** Lists to choose from: sections of items, each with one choice or several. Used by the list picker and by forms. */
import type { TemplateResult } from "lit";
import type { ListItem, ListSection } from "../../chat/rich.ts";
import type { Kit } from "../kit.ts";
import type { Picture } from "./picture.ts";

export interface ListUse {
  sections: readonly ListSection[];
  chosen: ReadonlySet<string>;
  closed: boolean;
  /** Ids of what describes the group, an error among them. */
  describedBy?: string | undefined;
  invalid?: boolean;
  /** The title of what has no title of its own. */
  label?: string | undefined;
  onChange(chosen: ReadonlySet<string>): void;
}

/** The items of `ids`, in the order in which they stand. */
export const toItems = (sections: readonly ListSection[], ids: ReadonlySet<string>): ListItem[] =>
  sections.flatMap(({ items }) => items.filter(({ id }) => ids.has(id)));

/** `chosen` with `id` chosen or not, and nothing else of a section that takes one. */
export function choose(
  { multiple, items }: ListSection,
  chosen: ReadonlySet<string>,
  id: string,
  on: boolean,
): Set<string> {
  const next = new Set(chosen);
  if (!multiple) for (const item of items) next.delete(item.id);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}

export function createLists({ html, nothing }: Kit, picture: Picture) {
  return (prefix: string, use: ListUse): TemplateResult[] =>
    use.sections.map((section, at) => {
      const name = `${prefix}-${at}`;
      const title = section.title ?? use.label;
      return html`<fieldset ?disabled=${use.closed} aria-describedby=${use.describedBy ?? nothing}>${
        title ? html`<legend class=${section.title ? "" : "sr"} dir="auto">${title}</legend>` : nothing
      }${section.items.map((item, index) => {
        const isChosen = use.chosen.has(item.id);
        const onChange = ({ target }: Event) =>
          use.onChange(choose(section, use.chosen, item.id, (target as HTMLInputElement).checked));
        return html`<label class="item ${isChosen ? "chosen" : ""}"><input type=${section.multiple ? "checkbox" : "radio"} name=${name} id="${name}-${index}" aria-invalid=${use.invalid ? "true" : nothing} .checked=${isChosen} @change=${onChange}>${picture(item.imageUrl, "small")}<span dir="auto">${item.title}${
          item.subtitle ? html`<small class="hint">${item.subtitle}</small>` : nothing
        }</span></label>`;
      })}</fieldset>`;
    });
}
