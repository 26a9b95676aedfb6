/** What a hub waits for: the end of a tab, told by the lock that the tab holds. Apart from it, since tabs carry only that. */
import { toLockName } from "./tab-lock.ts";

/** Resolves when the tab no longer holds its lock; never where there are no locks, and when `signal` is aborted before. */
export async function whenTabGone(tab: string, signal?: AbortSignal): Promise<void> {
  const never = new Promise<void>(() => {});
  await (navigator.locks?.request(toLockName(tab), { mode: "shared", signal }, () => {}).catch(() => never) ?? never);
}
