/** The shape of an activity report: known names, numbers and single words, so that no text, token or address passes. */
import * as v from "valibot";
import { isPlain } from "../../shape.ts";
import { ACTIVITY_DETAILS, ACTIVITY_EVENTS, type ActivityRequest } from "../../wire/broker-api.ts";
import { plain } from "../requests.ts";
import { isTrustworthy, isUrl } from "../urls.ts";

/** 400 days: no duration is longer, as no ticket is. */
const MOST = 34_560_000_000;
const WORD = /^(?=.{1,40}$)[A-Za-z]+(_[A-Za-z]+)*$/;

const number = v.pipe(v.number(), v.minValue(0), v.maxValue(MOST));
const detail = v.union([number, v.boolean(), v.pipe(v.string(), v.regex(WORD))]);
const provider = v.pipe(v.string(), v.maxLength(255), v.check(isTrustworthy), v.check(isUrl("https:", "http:")));
const timestamp = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);

const details = v.pipe(
  v.custom<Record<string, unknown>>(isPlain),
  v.strictObject(
    Object.fromEntries(ACTIVITY_DETAILS.map((name) => [name, v.optional(name === "provider_id" ? provider : detail)])),
  ),
);

const entry = v.strictObject({
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  timestamp,
  event: v.picklist(ACTIVITY_EVENTS),
  details,
});

/** One sentence for whatever is wrong: what was sent instead is not for any eye. */
export const activitySchema: v.GenericSchema<unknown, ActivityRequest> = v.pipe(
  plain,
  v.object({
    durationMs: v.message(number, "expected milliseconds"),
    entries: v.message(
      v.pipe(v.array(entry), v.minLength(1)),
      "expected entries of seq, timestamp, a known event and known details, in numbers and single words",
    ),
  }),
);
