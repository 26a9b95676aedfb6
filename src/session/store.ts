/** Store: what survives the hub, by table and key; in IndexedDB, or in memory where that is blocked or not wanted. */
import { type IDBPDatabase, openDB } from "idb";

/** `keep`: the session's standing. `messages`: the tail of the transcript, with what is still to be sent. */
const TABLES = ["keep", "messages"] as const;
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
}

const SCHEMA = 1;
/** Some browsers let an open hang for ever when storage is blocked. */
const OPEN_MS = 2_000;

export function memoryStore(): Store {
  const tables: Record<Table, Map<string, unknown>> = { keep: new Map(), messages: new Map() };
  return {
    durable: false,
    all: async (table) => [...tables[table].values()],
    put: async (table, key, value) => tables[table].set(key, value),
    delete: async (table, key) => void tables[table].delete(key),
  };
}

/** `name` is the database's. Memory when it cannot be opened within 2 s. */
export async function openIndexedDb(name: string): Promise<Store> {
  try {
    return indexedDbStore(await withinTime(openDatabase(name)));
  } catch {
    return memoryStore();
  }
}

const openDatabase = (name: string) =>
  openDB(name, SCHEMA, {
    upgrade(database) {
      for (const table of TABLES) database.createObjectStore(table);
    },
  });

function indexedDbStore(database: IDBPDatabase): Store {
  const memory = memoryStore();
  let durable = true;
  const attempt = <T>(onDisk: Promise<T>, instead: () => Promise<T>): Promise<T> =>
    onDisk.catch(() => {
      durable = false;
      return instead();
    });
  return {
    get durable() {
      return durable;
    },
    all: (table) => attempt<unknown[]>(database.getAll(table), () => memory.all(table)),
    put: (table, key, value) => attempt<unknown>(database.put(table, value, key), () => memory.put(table, key, value)),
    delete: (table, key) => attempt(database.delete(table, key), () => memory.delete(table, key)),
  };
}

function withinTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, OPEN_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
