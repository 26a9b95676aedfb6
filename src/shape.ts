/** Checks of plain values, for every boundary that what is not ours comes over. Below all floors: imports nothing, knows nothing. */

export type Check = (value: unknown) => boolean;
export type Shape = Readonly<Record<string, Check>>;

export const isText = (value: unknown): value is string => typeof value === "string";
export const isBoolean: Check = (value) => typeof value === "boolean";
export const isNumber: Check = Number.isFinite;
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text of 1 to `most` characters. */
export const isTextOf =
  (most: number): Check =>
  (value) =>
    isText(value) && value !== "" && value.length <= most;

export const isOneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** The first field that does not pass, by name; "" when it is no object at all, null when all is well. */
export function findFault(value: unknown, shape: Shape): string | null {
  if (!isPlain(value)) return "";
  const passes = (field: string) => shape[field]?.(Object.hasOwn(value, field) ? value[field] : undefined);
  return Object.keys(shape).find((field) => !passes(field)) ?? null;
}

export const hasShape =
  (shape: Shape): Check =>
  (value) =>
    findFault(value, shape) === null;
