/** A fault rule as `POST /sandbox/faults` takes it: what it matches, what it then does, and whether the two go together. */
import * as v from "valibot";
import { someText } from "../http.ts";

/** The codes that an endpoint may send (RFC 6455, section 7.4). */
export const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const status = v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599));
const yes = v.literal(true);

/** An object goes as JSON, a text as it is: it need not be JSON, nor a frame of the profile. */
const frame = v.union([v.record(v.string(), v.unknown()), v.string()], "Expected a frame: an object, or a text");

const match = v.strictObject({
  kind: v.picklist(["frame", "upgrade", "http"]),
  /** As the sandbox sees it. Of a frame: both without it. Of http: `in` (default) keeps the call from the sandbox, `out` lets it happen and changes the answer. */
  direction: v.optional(v.picklist(["in", "out"])),
  /** The frame's type. */
  action: v.optional(someText),
  method: v.optional(someText),
  /** Exact, or with `*` for any run of characters. */
  path: v.optional(someText),
  /** 1 is the first that matches after the rule was set: it and those after it are meant. */
  nth: v.optional(count),
});

const then = v.strictObject({
  /** An upgrade is answered with this status. */
  refuse: v.optional(status),
  delayMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(600_000))),
  /** The frame is lost and the socket closed; 1006 cuts the line. */
  closeCode: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.check((code) => code === 1006 || isCloseCode(code), "Expected a close code that may be sent, or 1006"),
    ),
  ),
  /** The frame is lost. */
  suppress: v.optional(yes),
  /** Another frame takes its place. */
  replace: v.optional(frame),
  /** One more frame to the guest, after the one that matched. */
  inject: v.optional(frame),
  /** A call is answered with this, and `headers` and `body` beside it. */
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  headers: v.optional(v.record(v.string(), v.string())),
  /** An object goes as JSON, a text as it is. */
  body: v.optional(v.union([v.string(), v.record(v.string(), v.unknown()), v.array(v.unknown())])),
});

type Match = v.InferOutput<typeof match>;
/** What a rule does when it fires. */
export type Then = v.InferOutput<typeof then>;

/** What goes with each kind: to match, and to do. */
const FITTING: Record<Match["kind"], [(keyof Match)[], (keyof Then)[]]> = {
  frame: [
    ["kind", "direction", "action", "path", "nth"],
    ["delayMs", "closeCode", "suppress", "replace", "inject"],
  ],
  upgrade: [
    ["kind", "path", "nth"],
    ["refuse", "delayMs"],
  ],
  http: [
    ["kind", "direction", "method", "path", "nth"],
    ["delayMs", "status", "headers", "body"],
  ],
};

/** Why a rule makes no sense, as `field: reason`; null when it does. */
function findNonsense(given: { match: Match; then: Then }): string | null {
  const { kind } = given.match;
  const [matching, doing] = FITTING[kind];
  const findStrange = (names: string[], fitting: string[]) => names.find((name) => !fitting.includes(name));
  const strangeMatch = findStrange(Object.keys(given.match), matching);
  if (strangeMatch) return `match.${strangeMatch}: Not for ${kind}; expected ${matching.join(", ")}`;
  const does = given.then;
  const strangeThen = findStrange(Object.keys(does), doing);
  if (strangeThen) return `then.${strangeThen}: Not for ${kind}; expected ${doing.join(", ")}`;
  if (Object.keys(does).length === 0) return `then: Expected at least one of ${doing.join(", ")}`;
  const fates = [does.closeCode, does.suppress, does.replace].filter((fate) => fate !== undefined);
  if (fates.length > 1) return "then: Expected one of closeCode, suppress and replace, got several";
  if (does.status === undefined && (does.headers ?? does.body) !== undefined) return "then.status: Expected a status";
  // Response has no body for these (Fetch, section 2.2.3).
  if (does.body !== undefined && [204, 205, 304].includes(does.status ?? 0)) return "then.body: Not with this status";
  return null;
}

const rule = v.pipe(
  v.strictObject({
    /** For people: listed, and told in the log when the rule fires. */
    name: v.optional(v.pipe(someText, v.maxLength(100))),
    match,
    then,
    /** How often it fires. Default: always; with `nth`, once. */
    times: v.optional(count),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    const nonsense = dataset.typed ? findNonsense(dataset.value) : null;
    if (nonsense) addIssue({ message: nonsense });
  }),
);

export type FaultRule = v.InferOutput<typeof rule>;

/** One rule or several. */
export const faultRules = v.pipe(
  v.unknown(),
  v.transform((body) => (Array.isArray(body) ? body : [body])),
  v.array(rule),
  v.minLength(1),
  v.maxLength(100),
);
