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
  delete(table: Table, key: string): Promise<unknown>;
  /** Empties all tables. */
  clear(): Promise<unknown>;
  /** Lets go of the disk, after what was asked before. */
  close(): void;
}

/** Raised with each new table: an upgrade creates those that are missing, and leaves what is there. */
const SCHEMA = 2;
/** Some browsers let an open, or a transaction, hang for ever. */
const PATIENCE_MS = 2_000;
const RETRY_MS = 200;

type Tables = Record<Table, Map<IDBValidKey, unknown>>;
type Act = (on: IDBTransaction) => void;

const createTables = (): Tables => Object.fromEntries(TABLES.map((table) => [table, new Map()])) as Tables;

/** What is in `tables`, with each change also made by `write`. */
const createStore = (tables: Tables, write: (act: Act) => Promise<unknown>) => ({
  durable: false,
  all: async (table: Table) => [...tables[table].values()],
  put(table: Table, key: string, value: unknown) {
    tables[table].set(key, value);
    return write((on) => on.objectStore(table).put(value, key));
  },
  delete(table: Table, key: string) {
    tables[table].delete(key);
    return write((on) => on.objectStore(table).delete(key));
  },
  clear() {
    for (const table of TABLES) tables[table].clear();
    return write((on) => {
      for (const table of TABLES) on.objectStore(table).clear();
    });
  },
  close() {},
});

export const memoryStore = (): Store => createStore(createTables(), async () => {});

/**
 * `name` is the database's. It is read once; from then on memory has all that the disk has, so that what is deleted under
 * a running session is put there again. Memory alone where it cannot be opened or read within 2 s.
 */
export async function openIndexedDb(name: string): Promise<Store> {
  const tables = createTables();
  const store = createStore(tables, write);
  let database: Promise<IDBDatabase>;

  async function write(act: Act) {
    try {
      await transact(await database, act);
    } catch {
      store.durable = false;
    }
  }

  function open(first: Act, tries?: number) {
    database = openDatabase(name, restore, tries);
    store.durable = true;
    return write(first);
  }

  /** The database was deleted, or a newer version of ours wants it: then an open of this one fails. */
  const restore = () =>
    open((on) => {
      for (const table of TABLES) for (const [key, value] of tables[table]) on.objectStore(table).put(value, key);
    }, 9);

  store.close = () => write((on) => on.db.close());
  await open((on) => {
    for (const table of TABLES) {
      const rows = on.objectStore(table);
      const keys = rows.getAllKeys();
      const values = rows.getAll();
      // The second to be answered.
      values.onsuccess = () => keys.result.map((key, index) => tables[table].set(key, values.result[index]));
    }
  });
  return store;
}

/** While the browser is deleting the old one, it refuses to open another: that takes more than one try. */
const openDatabase = (name: string, onLost: () => void, tries = 1) =>
  new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name, SCHEMA);
    setTimeout(reject, PATIENCE_MS);
    opening.onerror = () =>
      tries > 1 ? setTimeout(() => resolve(openDatabase(name, onLost, tries - 1)), RETRY_MS) : reject();
    opening.onupgradeneeded = () => {
      const { result } = opening;
      for (const table of TABLES) if (!result.objectStoreNames.contains(table)) result.createObjectStore(table);
    };
    opening.onsuccess = () => {
      const { result } = opening;
      result.onversionchange = result.onclose = () => {
        result.close();
        onLost();
      };
      resolve(result);
    };
  });

/** Resolves when it is complete: only then is it on disk. */
const transact = (database: IDBDatabase, act: Act) =>
  new Promise<unknown>((resolve, reject) => {
    const transaction = database.transaction(TABLES, "readwrite");
    setTimeout(reject, PATIENCE_MS);
    transaction.oncomplete = resolve;
    transaction.onabort = reject;
    act(transaction);
  });
