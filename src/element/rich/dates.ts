/** Dates to choose from: offered times by the guest's own day and clock, or any day of a span. Used by the date picker and by forms. */
import type { TemplateResult } from "lit";
import type { Dates } from "../../chat/rich.ts";
import type { Kit } from "../kit.ts";
import type { Texts } from "../texts.ts";
import { dateFormat } from "./date-format.ts";
import { toPickerTexts } from "./texts-pickers.ts";

export interface DateUse {
  dates: Dates;
  /** ISO 8601, UTC: as in a payload. */
  chosen: string | undefined;
  closed: boolean;
  describedBy?: string | undefined;
  invalid?: boolean;
  /** What is chosen, to those who cannot see it. */
  label?: string | undefined;
  language: string | undefined;
  texts: Texts;
  onChange(iso: string | undefined): void;
}

/** So many days are shown at first, and added at each step. */
const DAYS = 3;

/** A day of a span is midnight there: UTC. */
const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const toIso = (day: string): string => `${day}T00:00:00.000Z`;

/** What a payload says, in the guest's language: a time on his own clock, or a day. */
export function toDateText({ times }: Dates, iso: string, language: string | undefined): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const options: Intl.DateTimeFormatOptions = times.length
    ? { dateStyle: "full", timeStyle: "short" }
    : { dateStyle: "full", timeZone: "UTC" };
  return dateFormat(language, options).format(at);
}

/** Whether it is a day that may be chosen. */
export function isOffered({ times, earliest, latest }: Dates, iso: string): boolean {
  const at = Date.parse(iso);
  if (times.length) return times.some((time) => time.at === at);
  return !Number.isNaN(at) && (!earliest || iso >= toIso(toDay(earliest))) && (!latest || iso <= toIso(toDay(latest)));
}

export function createDates({ html, nothing, update, fill }: Kit) {
  /** How many days are shown, by prefix. */
  const shown = new Map<string, number>();

  function span(
    prefix: string,
    { dates, chosen, closed, describedBy, invalid, label, onChange }: DateUse,
  ): TemplateResult {
    const { earliest, latest } = dates;
    const onInput = ({ target }: Event) => {
      const { value } = target as HTMLInputElement;
      onChange(value ? toIso(value) : undefined);
    };
    return html`<input class="field" type="date" id="${prefix}-0" aria-label=${label ?? nothing} aria-describedby=${describedBy ?? nothing} aria-invalid=${invalid ? "true" : nothing} min=${earliest ? toDay(earliest) : nothing} max=${latest ? toDay(latest) : nothing} ?disabled=${closed} .value=${chosen?.slice(0, 10) ?? ""} @change=${onInput}>`;
  }

  function offered(prefix: string, use: DateUse): TemplateResult {
    const { dates, chosen, closed, describedBy, language, onChange } = use;
    const texts = toPickerTexts(use.texts);
    const day = dateFormat(language, { weekday: "long", day: "numeric", month: "long" });
    const clock = dateFormat(language, { timeStyle: "short" });
    const days = new Map<string, Dates["times"]>();
    const chosenAt = chosen ? Date.parse(chosen) : undefined;
    for (const time of [...dates.times].sort((a, b) => a.at - b.at)) {
      // Of what is over, what was chosen.
      if (closed && chosenAt !== undefined && time.at !== chosenAt) continue;
      const name = day.format(time.at);
      days.set(name, [...(days.get(name) ?? []), time]);
    }
    const limit = shown.get(prefix) ?? DAYS;
    let index = 0;
    return html`${[...days].slice(0, limit).map(
      ([name, times]) =>
        html`<fieldset ?disabled=${closed} aria-describedby=${describedBy ?? nothing}><legend>${name}</legend><div class="times">${times.map(
          ({ at, durationMs }) => {
            const isChosen = at === chosenAt;
            const text = clock.format(at);
            const spoken = durationMs ? `${text} – ${clock.format(at + durationMs)}` : text;
            return html`<button class="time ${isChosen ? "chosen" : ""}" id="${prefix}-${index++}" aria-pressed=${isChosen} aria-label="${spoken}, ${name}" @click=${() => onChange(new Date(at).toISOString())}>${text}</button>`;
          },
        )}</div></fieldset>`,
    )}${
      days.size > limit
        ? html`<button class="quiet" ?disabled=${closed} @click=${() => {
            shown.set(prefix, limit + DAYS);
            update();
          }}>${texts.moreTimes}</button>`
        : nothing
    }<small class="hint">${fill(texts.timeZone, clock.resolvedOptions().timeZone)}</small>`;
  }

  return (prefix: string, use: DateUse): TemplateResult =>
    use.dates.times.length ? offered(prefix, use) : span(prefix, use);
}
