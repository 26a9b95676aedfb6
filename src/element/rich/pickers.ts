/** Pickers and forms: dates, lists, pages of fields. A chunk of its own. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { createDatePicker } from "./date-picker.ts";
import { createDates } from "./dates.ts";
import { createForm } from "./form.ts";
import { createHeading } from "./heading.ts";
import { createListPicker } from "./list-picker.ts";
import { createLists } from "./lists.ts";
import { createPicture } from "./picture.ts";
import { pickerStyles } from "./styles-pickers.ts";
import { richStyles } from "./styles-rich.ts";

export const styles = richStyles + pickerStyles;

export const create = (kit: Kit) => {
  const picture = createPicture(kit);
  const whole = {
    ...kit,
    heading: createHeading(kit, picture),
    lists: createLists(kit, picture),
    dates: createDates(kit),
  };
  const form = createForm(whole);
  const datePicker = createDatePicker(whole);
  const listPicker = createListPicker(whole);

  /** Ids in the page must have no spaces, and those of messages are not ours. */
  const numbers = new Map<string, string>();
  const toPrefix = ({ id }: Message): string => {
    const prefix = numbers.get(id) ?? `p${numbers.size}`;
    numbers.set(id, prefix);
    return prefix;
  };

  return {
    show(message: Message, closed: boolean, model: PlainModel): TemplateResult | undefined {
      const { content } = message;
      const prefix = toPrefix(message);
      switch (content?.type) {
        case "date-picker":
          return datePicker(prefix, content, message, closed, model);
        case "list-picker":
          return listPicker(prefix, content, message, closed, model);
        case "form":
          return form(prefix, content, message, closed, model);
        default:
          return undefined;
      }
    },
  };
};
