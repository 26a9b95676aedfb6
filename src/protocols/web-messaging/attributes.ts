/** Custom attributes: what the page tells the agent about the guest, once per change, within what the platform takes. */

type Texts = Readonly<Record<string, string>>;

/** The platform has texts only; what is empty is not told. */
export function toTexts(attributes: Readonly<Record<string, unknown>>): Texts {
  const pairs = Object.entries(attributes).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || value === null || value === "") return [];
    return [[name, typeof value === "object" ? JSON.stringify(value) : String(value)]];
  });
  return Object.fromEntries(pairs);
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const pairBytes = ([name, value]: [string, string]): number => bytes(name) + bytes(value);

/** In bytes of UTF-8 of all names and values: what to tell the site owner where they are more than `most`; null where not. */
export function findExcess(attributes: Readonly<Record<string, unknown>>, most: number): string | null {
  const pairs = Object.entries(toTexts(attributes));
  const total = pairs.reduce((sum, pair) => sum + pairBytes(pair), 0);
  if (total <= most) return null;
  const largest = pairs.sort((a, b) => pairBytes(b) - pairBytes(a)).slice(0, 3);
  return `${total} bytes, ${most} are taken; largest: ${largest.map(([name]) => name).join(", ")}`;
}
