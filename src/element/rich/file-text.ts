/** How a file is told of: its kind and its size, in the guest's language. */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** 640 kB */
export function toSize(bytes: number, language: string | undefined): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[power],
    unitDisplay: power ? "short" : "long",
    maximumFractionDigits: value < 10 && power > 1 ? 1 : 0,
  }).format(value);
}

/** PDF; of a name without an extension, from its type. */
export function toKind(name: string, mime = ""): string {
  const extension = /\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1];
  return (extension ?? /^[\w.+-]+\/([\w]{1,5})$/.exec(mime)?.[1] ?? "").toUpperCase();
}
