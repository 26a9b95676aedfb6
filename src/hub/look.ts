/** How the chat looks, as the platform says and not the page: fetched without a session, and kept for a day on the page's origin. */
import { fetchLook, fromKept, type LookRequest } from "../protocols/web-messaging/look.ts";
import { isNumber, isPlain } from "../shape.ts";

export type Look = ReturnType<typeof fromKept>;
export type { LookRequest };

const DAY_MS = 86_400_000;
const PATIENCE_MS = 10_000;

/** Of what the page's storage keeps for the chat: taken away with the rest of it (src/element/storage.ts). */
const toKey = (deploymentId: string): string => `genesys-guest-chat:${deploymentId}`;

/** Rejects with an Error that says for the site owner why it cannot be had. */
export const getLook = (request: LookRequest): Promise<Look> =>
  fetchLook(request, fetch, AbortSignal.timeout(PATIENCE_MS));

/** What was kept within a day; null where there is nothing, or storage is blocked. */
export function readKept(deploymentId: string, now: number): Look | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(toKey(deploymentId)) ?? "");
    if (!isPlain(kept) || !isNumber(kept.until)) return null;
    const left = (kept.until as number) - now;
    if (left > 0 && left <= DAY_MS) return fromKept(kept);
    localStorage.removeItem(toKey(deploymentId));
    return null;
  } catch {
    return null;
  }
}

export function keep(deploymentId: string, look: Look, now: number): void {
  try {
    localStorage.setItem(toKey(deploymentId), JSON.stringify({ ...look, until: now + DAY_MS }));
  } catch {
    // Blocked or full: the next page asks again.
  }
}
