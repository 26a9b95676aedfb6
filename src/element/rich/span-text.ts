/** Which days of a span may be chosen, as a sentence. */
import type { Dates } from "../../chat/rich.ts";
import { dateFormat } from "./date-format.ts";
import type { PickerTexts } from "./texts-pickers.ts";

export function toSpanText({ earliest, latest }: Dates, language: string | undefined, texts: PickerTexts): string {
  if (!earliest || !latest) return texts.chooseOne;
  const day = dateFormat(language, { dateStyle: "long", timeZone: "UTC" });
  return texts.wrongDay.replace("{}", () => day.format(earliest)).replace("{}", () => day.format(latest));
}
