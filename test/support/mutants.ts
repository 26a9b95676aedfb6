/** Mutants: JSON with fields missing, of another type, added, nested, as fast-check draws them. */
import fc from "fast-check";
import type { Json } from "./web-messaging-script.ts";

/** Any JSON, shallow and deep, with the names that have done harm elsewhere. */
const junk = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1e308, "", " ", "\u0000", "\ud800", "__proto__", "https://x.example"),
    fc.string(),
    fc.double({ noNaN: true }),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("__proto__", "constructor", "body", "text", "content", "type"), tie("any"), {
      maxKeys: 3,
    }),
  ),
})).any;

export interface Mutation {
  /** Which of the values of the frame, counted through. */
  at: number;
  how: "remove" | "replace" | "add" | "nest";
  value: unknown;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(60),
  how: fc.constantFrom("remove", "replace", "add", "nest"),
  value: junk,
});

type Holder = Record<string, unknown> | unknown[];
const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null;

/** Every place in it where a value stands. */
function placesOf(holder: Holder): [Holder, string][] {
  return Object.entries(holder).flatMap(([key, value]): [Holder, string][] => [
    [holder, key],
    ...(isHolder(value) ? placesOf(value) : []),
  ]);
}

/** Changes it in place. */
export function mutate(frame: Json, { at, how, value }: Mutation): void {
  const places = placesOf(frame);
  const [holder, key] = places[at % places.length] ?? [frame, "body"];
  const slot = holder as Record<string, unknown>;
  if (how === "remove") delete slot[key];
  else if (how === "replace") slot[key] = value;
  else if (how === "nest") slot[key] = [{ [key]: slot[key] }, value];
  else Object.defineProperty(slot, `more-${at}`, { value, enumerable: true, configurable: true, writable: true });
}
