/** What a site has left in a browser: every kind of storage that outlives a page, and the workers that run. */
import type { Browser, Frame, Page } from "playwright-core";

export interface Leavings {
  /** Keys with their values. */
  localStorage: Record<string, string>;
  sessionStorage: Record<string, string>;
  /** Names of databases with the number of records in each. */
  databases: Record<string, number>;
  caches: string[];
  cookies: string[];
  /** Their addresses. */
  workers: string[];
}

export const NOTHING: Leavings = {
  localStorage: {},
  sessionStorage: {},
  databases: {},
  caches: [],
  cookies: [],
  workers: [],
};

/** All of one tab, and of its browser; of one frame in it, when one is given. */
export async function leavings(browser: Browser, page: Page, frame: Frame = page.mainFrame()): Promise<Leavings> {
  const kept = await frame.evaluate(async () => {
    const count = (name: string) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const tables = [...database.objectStoreNames];
          const close = (records: number) => {
            database.close();
            resolve(records);
          };
          if (tables.length === 0) return close(0);
          const reading = database.transaction(tables);
          const counts = tables.map((table) => reading.objectStore(table).count());
          reading.oncomplete = () => close(counts.reduce((sum, { result }) => sum + result, 0));
        };
      });
    const databases: Record<string, number> = {};
    for (const { name = "" } of await indexedDB.databases()) databases[name] = await count(name);
    return {
      localStorage: { ...localStorage },
      sessionStorage: { ...sessionStorage },
      databases,
      caches: await caches.keys(),
    };
  });
  const devtools = await browser.newBrowserCDPSession();
  const { targetInfos } = await devtools.send("Target.getTargets", {
    filter: [{ type: "shared_worker" }, { type: "service_worker" }, { type: "worker" }],
  });
  await devtools.detach();
  const cookies = await page.context().cookies();
  return { ...kept, cookies: cookies.map(({ name }) => name), workers: targetInfos.map(({ url }) => url) };
}
