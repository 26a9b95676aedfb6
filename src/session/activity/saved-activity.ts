/** What the activity log keeps over its own end: written as it changes, and checked when it is read. */
import type { Metrics } from "../../chat/activity.ts";
import { hasShape, isNumber, isPlain, isText } from "../../shape.ts";
import type { ReportEntry } from "../protocol.ts";
import type { Store } from "../store.ts";

/** What the activity log counts. */
export interface Tally extends Omit<Metrics, "logs" | "dropped"> {
  /** `seq` of the last entry that need not be sent again. */
  reported: number;
  /** The session's duration when the guest's first message was delivered. */
  asked?: number;
}

export interface SavedActivity {
  tally?: Tally;
  /** Oldest first. */
  entries: ReportEntry[];
}

export const KEPT_ENTRIES = 1_000;
const TALLY = "activity";

const isTally = (value: unknown) =>
  isPlain(value) && value.reported !== undefined && Object.values(value).every(isNumber);
const isEntry = hasShape({ seq: isNumber, timestamp: isText, event: isText, details: isPlain });

/** A record that is not what it should be is left aside. */
export function loadActivity(store: Store): SavedActivity {
  const entries = store.all("activity").filter(isEntry) as ReportEntry[];
  return {
    tally: store.all("keep").find(isTally) as Tally | undefined,
    entries: entries.sort((a, b) => a.seq - b.seq).slice(-KEPT_ENTRIES),
  };
}

export const saveTally = (store: Store, tally: Tally): Promise<unknown> => store.put("keep", TALLY, { ...tally });
