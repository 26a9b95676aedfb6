/** Store: what survives the hub, by table and key; in IndexedDB, or in memory where that is blocked or not wanted. */

/** `keep`: the session's standing. `messages`: the tail of the transcript, with what is still to be sent. `activity`: the log. */
const TABLES = ["keep", "messages", "activity"] as const;
export type Table = (typeof TABLES)[number];

/** No method rejects: what the disk refuses is held in memory. */
export interface Store {
  /** False: what is put here is gone with the hub. */
  readonly durable: boolean;
  /** Everything in a table, in no order. */
  all(table: Table): Promise<unknown[]>;
  /** Resolves when it is on disk, as far as there is one. */
  put(table: Table, key: string, value: unknown): Promise<unknown>;
  delete(table: Table, key: string): Promise<void>;
  /** Empties all tables. */
  clear(): Promise<void>;
}

/** Raised with each new table: an upgrade creates those that are missing, and leaves what is there. */
const SCHEMA = 2;
/** Some browsers let an open hang for ever when storage is blocked. */
const OPEN_MS = 2_000;

export function memoryStore(): Store {
  const tables = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as Record<Table, Map<string, unknown>>;
  return {
    durable: false,
    all: async (table) => [...tables[table].values()],
    put: async (table, key, value) => tables[table].set(key, value),
    delete: async (table, key) => void tables[table].delete(key),
    clear: async () => {
      for (const table of TABLES) tables[table].clear();
    },
  };
}

/** `name` is the database's. Memory when it cannot be opened within 2 s. */
export async function openIndexedDb(name: string): Promise<Store> {
  try {
    return indexedDbStore(await openDatabase(name));
  } catch {
    return memoryStore();
  }
}

const openDatabase = (name: string) =>
  new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name, SCHEMA);
    setTimeout(reject, OPEN_MS);
    opening.addEventListener("error", reject);
    opening.addEventListener("upgradeneeded", () => {
      const { result } = opening;
      for (const table of TABLES) if (!result.objectStoreNames.contains(table)) result.createObjectStore(table);
    });
    opening.addEventListener("success", () => {
      const { result } = opening;
      // A newer version of ours waits for this one to let go: what comes then is held in memory.
      result.onversionchange = () => result.close();
      resolve(result);
    });
  });

function indexedDbStore(database: IDBDatabase): Store {
  const memory = memoryStore();
  let durable = true;

  /** One request in a transaction of its own, which fails with it; done when that is complete: only then is it on disk. */
  const ask = <T>(table: Table, act: (rows: IDBObjectStore) => { result: unknown }, instead: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(table, "readwrite");
      const request = act(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = reject;
      // At once: a page that goes into the back/forward cache can end nothing any more, and all that come after would wait.
      transaction.commit();
    }).catch(() => {
      durable = false;
      return instead();
    });

  return {
    get durable() {
      return durable;
    },
    all: (table) =>
      ask(
        table,
        (rows) => rows.getAll(),
        () => memory.all(table),
      ),
    put: (table, key, value) =>
      ask(
        table,
        (rows) => rows.put(value, key),
        () => memory.put(table, key, value),
      ),
    delete: (table, key) =>
      ask(
        table,
        (rows) => rows.delete(key),
        () => memory.delete(table, key),
      ),
    async clear() {
      for (const table of TABLES)
        await ask(
          table,
          (rows) => rows.clear(),
          () => memory.clear(),
        );
    },
  };
}
