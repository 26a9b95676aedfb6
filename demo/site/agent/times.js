/** Times as the desk says them. */

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const date = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How far the sandbox's clock is ahead of this page's, in ms. */
let skew = 0;
export const setNow = (now) => {
  skew = now - Date.now();
};
export const now = () => Date.now() + skew;

/** "14:32" */
export const toClock = (at) => clock.format(at);

/** "14:32:07" */
export const toTime = (at) => time.format(at);

const dayOf = (at) => new Date(at).setHours(0, 0, 0, 0);

/** "Today", "Yesterday", "Sunday, 22 November" */
export function toDay(at) {
  const days = Math.round((dayOf(at) - dayOf(now())) / 86_400_000);
  if (days < -1) return date.format(at);
  const word = relative.format(days, "day");
  return word[0].toUpperCase() + word.slice(1);
}

export const isSameDay = (a, b) => dayOf(a) === dayOf(b);

/** "now", "12 s", "3 min", "2 h", "4 d" */
export function toSpan(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** "0.4 s", "12 s", "3 min 20 s", "2 h 5 min" */
export function toDuration(ms) {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
