/** Activity: what has happened to a session, told without a word of what was said in it. Types only. */

/** Numbers, booleans and single words; only `provider_id`, an issuer's URL, is longer. */
export type ActivityDetails = Readonly<Record<string, string | number | boolean>>;

/** An entry as a site sees it, in the founding document's form. */
export interface ActivityLogEntry {
  /** ISO 8601, UTC. */
  timestamp: string;
  event: string;
  details: ActivityDetails;
}

/** Durations in ms, of the time that the session was kept by a running hub on a machine that was awake. */
export interface Metrics {
  duration_ms: number;
  /** With a live connection. */
  connected_ms: number;
  /** With the chat open in a visible tab. */
  visible_ms: number;
  /** From the guest's first message to the first answer; absent until there is one. */
  first_answer_ms?: number;
  /** The newest 1,000, oldest first. */
  logs: ActivityLogEntry[];
  /** Entries that were too many to be kept. */
  dropped: number;
}
