/** What a guest has filled into a form: by field, and what is wrong with it. Pure. */
import type { Form, FormField } from "../../chat/rich.ts";
import { isOffered, toDateText } from "./dates.ts";
import { toItems } from "./lists.ts";

/** A text, an ISO date, or the ids of what was chosen. */
export type Value = string | ReadonlySet<string>;

export interface FormDraft {
  /** -1 is the introduction; the number of pages is the summary. */
  page: number;
  values: Map<string, Value>;
  /** Ids of fields that were refused. */
  wrong: ReadonlySet<string>;
}

export const createFormDraft = ({ introduction }: Form): FormDraft => ({
  page: introduction ? -1 : 0,
  values: new Map(),
  wrong: new Set(),
});

export const toText = (value: Value | undefined): string => (typeof value === "string" ? value : "");
export const toIds = (value: Value | undefined): ReadonlySet<string> =>
  value && typeof value !== "string" ? value : new Set();

const toSections = (field: FormField) =>
  field.type === "list" ? field.sections : field.type === "wheel" ? [{ multiple: false, items: field.items }] : [];

/** Nothing was filled in. */
export const isEmpty = (value: Value | undefined): boolean =>
  typeof value === "string" ? value.trim() === "" : !value?.size;

/** Missing where it is required, or a day that is not offered. */
export function isWrong(field: FormField, value: Value | undefined): boolean {
  if (isEmpty(value)) return field.required;
  return field.type === "date" && !isOffered(field, toText(value));
}

export interface FormAnswer {
  id: string;
  text: string;
  payload: string;
}

/** As it is shown and sent; null where nothing was filled in. */
export function toAnswer(field: FormField, value: Value | undefined, language: string | undefined): FormAnswer | null {
  const { id } = field;
  if (isEmpty(value)) return null;
  if (field.type === "text") return { id, text: toText(value).trim(), payload: toText(value).trim() };
  if (field.type === "date") return { id, text: toDateText(field, toText(value), language), payload: toText(value) };
  const items = toItems(toSections(field), toIds(value));
  return {
    id,
    text: items.map(({ title }) => title).join(", "),
    payload: items.map((item) => item.id).join(","),
  };
}
