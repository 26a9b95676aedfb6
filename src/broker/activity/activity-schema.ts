/** The shape of an activity report: known names, numbers and single words, so that no text, token or address passes. */
import * as v from "valibot";
import { type ActivityEntry, type ActivityRequest, DURATION_MAX, isActivityEntry } from "../../wire/activity.ts";
import { plain } from "../requests.ts";

/** One sentence for whatever is wrong: what was sent instead is not for any eye. */
export const activitySchema: v.GenericSchema<unknown, ActivityRequest> = v.pipe(
  plain,
  v.object({
    durationMs: v.message(v.pipe(v.number(), v.minValue(0), v.maxValue(DURATION_MAX)), "expected milliseconds"),
    entries: v.message(
      v.pipe(v.array(v.custom<ActivityEntry>(isActivityEntry)), v.minLength(1)),
      "expected entries of seq, timestamp, a known event and known details, in numbers and single words",
    ),
  }),
);
