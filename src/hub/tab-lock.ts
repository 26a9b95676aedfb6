/** A tab's life as a Web Lock: held by the tab, awaited by the hub. It also tells of a crash, which no event does. */

const toName = (tab: string): string => `genesys-guest-chat tab ${tab}`;

/** Resolves when the lock is held, with the way to release it; where there are no locks, at once. */
export function holdTabLock(tab: string): Promise<() => void> {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(() => {});
    const held = () => new Promise<void>((release) => resolve(release));
    navigator.locks.request(toName(tab), held).catch(() => resolve(() => {}));
  });
}

/** Resolves when the tab no longer holds its lock; never where there are no locks. */
export async function whenTabGone(tab: string): Promise<void> {
  if (!navigator.locks) return new Promise(() => {});
  await navigator.locks.request(toName(tab), () => {});
}
