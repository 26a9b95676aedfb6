/** When to tell that a session is about to end, and in which words. */
import type { Kit } from "../kit.ts";

const NOTICE = 5 * 60_000;
const MINUTE = 60_000;
/** Longer timers overflow. */
const LONGEST = 2 ** 31 - 1;

/** Gives "in 5 minutes", or undefined when there is nothing to tell; shows it anew when that changes. */
export function createExpiry({ update }: Kit) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (expiresAt: number | undefined, language: string | undefined): string | undefined => {
    clearTimeout(timer);
    const left = (expiresAt ?? 0) - Date.now();
    if (left <= 0) return undefined;
    const next = left > NOTICE ? left - NOTICE : left % MINUTE || MINUTE;
    timer = setTimeout(update, Math.min(next, LONGEST));
    if (left > NOTICE) return undefined;
    return new Intl.RelativeTimeFormat(language).format(Math.ceil(left / MINUTE), "minute");
  };
}
