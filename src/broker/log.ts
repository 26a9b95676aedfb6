/** What the broker logs: events with fields from one short list, so that nothing secret or personal can slip in. */

/** Every field a log line may have. A runtime's logger writes these and drops all others. */
export const LOG_FIELDS = [
  "activity",
  "at",
  "attempt",
  "call",
  "claim",
  "code",
  "count",
  "duration_ms",
  "durationMs",
  "origin",
  "provider_id",
  "reason",
  "retryAfter",
  "scope",
  "seq",
  "session",
  "status",
  "timestamp",
  "tries",
  "type",
  "url",
] as const;

export type LogLevel = "debug" | "info" | "warn" | "error";

export type LogFields = Partial<Record<(typeof LOG_FIELDS)[number], string | number | boolean>>;

/** Called once for each thing worth a line; must not throw. */
export type Log = (level: LogLevel, event: string, fields: LogFields) => void;
