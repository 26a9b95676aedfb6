/** A tab's life as a Web Lock: held by the tab, awaited by the hub. It also tells of a crash, which no event does. */

export const toLockName = (tab: string): string => `genesys-guest-chat tab ${tab}`;

/** Resolves when the lock is held, with the way to release it; where there are no locks, at once. */
export function holdTabLock(tab: string): Promise<() => void> {
  return new Promise((resolve) => {
    const held = () => new Promise<void>(resolve);
    const without = () => resolve(() => {});
    navigator.locks?.request(toLockName(tab), held).catch(without) ?? without();
  });
}
