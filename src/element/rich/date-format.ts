/** Formatters of dates by language, kept: they are dear to make, and the chat is rendered at each key. */

const made = new Map<string, Intl.DateTimeFormat>();

export function dateFormat(language: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([language, options]);
  const format = made.get(key) ?? new Intl.DateTimeFormat(language, options);
  made.set(key, format);
  return format;
}
