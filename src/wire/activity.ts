/** `POST /v1/activity`, as both ends know it (Guest API profile, section 4): known names, numbers and single words only. */

import { type Check, findFault, isBoolean, isNumber, isOneOf, isPlain, isText } from "../shape.ts";
import { isTrustworthy, isUrl } from "./urls.ts";

/** What may happen to a session, as the activity log names it. */
export const ACTIVITY_EVENTS = [
  "session_started",
  "session_resumed",
  "session_failed",
  "session_terminated",
  "ws_connecting",
  "ws_connected",
  "ws_waiting",
  "ws_disconnected",
  "ws_message_received",
  "ws_message_sent",
  "first_answer_received",
  "conversation_ended",
  "token_refreshed",
  "profile_synced",
  "entries_dropped",
  "frame_odd",
] as const;

/**
 * What an entry may tell beside its event: numbers, booleans and single words, so that nobody's text or data fits in.
 * `provider_id`, the issuer's URL, is the exception.
 */
export const ACTIVITY_DETAILS = ["attempt", "code", "count", "duration_ms", "provider_id", "reason", "type"] as const;

export type ActivityEvent = (typeof ACTIVITY_EVENTS)[number];
export type ActivityDetails = Partial<Record<(typeof ACTIVITY_DETAILS)[number], string | number | boolean>>;

export interface ActivityEntry {
  /** From 1, rising over all of a session, through its refreshes. */
  seq: number;
  /** ISO 8601, UTC: `2026-11-22T12:00:00.000Z`. */
  timestamp: string;
  event: ActivityEvent;
  details: ActivityDetails;
}

/** `POST /v1/activity`, with the ticket as bearer; answered with 204. `durationMs`: the session so far. */
export interface ActivityRequest {
  durationMs: number;
  entries: ActivityEntry[];
}

/** 400 days, in ms: no duration is longer, as no ticket is. */
export const DURATION_MAX = 34_560_000_000;

const WORD = /^(?=.{1,40}$)[A-Za-z]+(_[A-Za-z]+)*$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

const isAmount: Check = (value) => isNumber(value) && (value as number) >= 0 && (value as number) <= DURATION_MAX;
const isProvider: Check = (value) =>
  isText(value) && value.length <= 255 && isTrustworthy(value) && isUrl("https:", "http:")(value);

const isEvent = isOneOf(...ACTIVITY_EVENTS);
const isDetailName = isOneOf(...ACTIVITY_DETAILS);

/** A detail's value is a number from 0, a boolean, or one word of at most 40 letters and underscores. */
export const isActivityDetail = (name: string, value: unknown): boolean => {
  if (name === "provider_id") return isProvider(value);
  return isDetailName(name) && (isBoolean(value) || isAmount(value) || (isText(value) && WORD.test(value)));
};

const ENTRY = {
  seq: (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0,
  timestamp: (value: unknown) => isText(value) && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value)),
  event: isEvent,
  details: isPlain,
};

/** Exactly an entry: a field more than these could hold anything. */
export const isActivityEntry = (value: unknown): value is ActivityEntry =>
  isPlain(value) &&
  findFault(value, ENTRY) === null &&
  Object.keys(value).every((field) => Object.hasOwn(ENTRY, field)) &&
  Object.entries(value.details as object).every(([name, detail]) => isActivityDetail(name, detail));
