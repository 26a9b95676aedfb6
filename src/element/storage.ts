/** What the page's storage keeps: the tab's draft and whether it is open; the site's mark of an open conversation. */
import { isOwn } from "../hub/hosts/rung.ts";

const MARK = "genesys-guest-chat";
const MARK_DAYS = 7;

/** Storage may be blocked: then even looking at it throws. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

/** Kept per tab over page changes; lost with the page where `durable()` is false or storage is blocked. */
export interface TabStore {
  get(key: "draft" | "open"): string;
  /** An empty value removes. */
  set(key: "draft" | "open", value: string): void;
}

export const createTabStore = (durable: () => boolean): TabStore => ({
  get: (key) => (durable() && attempt(() => sessionStorage.getItem(`${MARK}:${key}`))) || "",
  set(key, value) {
    if (!durable()) return;
    attempt(() =>
      value ? sessionStorage.setItem(`${MARK}:${key}`, value) : sessionStorage.removeItem(`${MARK}:${key}`),
    );
  },
});

/** A conversation of this site is open: the chat is connected again without being opened. */
export const hasMark = (now: number): boolean =>
  attempt(() => JSON.parse(localStorage.getItem(MARK) ?? "").until > now) ?? false;

export const setMark = (now: number): void =>
  attempt(() => localStorage.setItem(MARK, JSON.stringify({ v: 1, until: now + MARK_DAYS * 86_400_000 })));

export const removeMark = (): void => attempt(() => localStorage.removeItem(MARK));

/** Takes away all that this tab and the site keep in the page's storage. */
export function erase(): void {
  for (const name of ["localStorage", "sessionStorage"] as const)
    attempt(() => {
      for (const key of Object.keys(window[name])) if (key.startsWith(MARK)) window[name].removeItem(key);
    });
}

/** A session was kept; false where storage is blocked, true where only a hub frame on another origin can know. */
export async function hasDatabase(): Promise<boolean> {
  try {
    return !isOwn() || (await indexedDB.databases()).some(({ name }) => name?.startsWith(MARK));
  } catch {
    return false;
  }
}

/** The tab's storage, where it is to be had. */
export const tabStorage = (): Storage | null => attempt(() => sessionStorage) ?? null;
