/** A tab's life as a Web Lock: held by the tab, awaited by the hub. It also tells of a crash, which no event does. */

export const toLockName = (tab: string): string => `genesys-guest-chat tab ${tab}`;

/** Resolves when the lock is held, with the way to release it; where there are no locks, at once. */
export function holdTabLock(tab: string): Promise<() => void> {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(() => {});
    const held = () => new Promise<void>((release) => resolve(release));
    navigator.locks.request(toLockName(tab), held).catch(() => resolve(() => {}));
  });
}
