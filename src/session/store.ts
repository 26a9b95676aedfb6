/** Store: what survives the hub, by table and key; in IndexedDB, or in memory where that is blocked or not wanted. */

/** `keep`: the session's standing. `messages`: the tail of the transcript, with what is still to be sent. `activity`: the log. */
const TABLES = ["keep", "messages", "activity"] as const;
export type Table = (typeof TABLES)[number];

/** No method rejects: what the disk refuses is held in memory. */
export interface Store {
  /** False: what is put here is gone with the hub. */
  readonly durable: boolean;
  /** Everything in a table, in no order. */
  all(table: Table): unknown[];
  /** Resolves when it is on disk, as far as there is one. */
  put(table: Table, key: string, value: unknown): Promise<unknown>;
  delete(table: Table, key: string): Promise<unknown>;
  /** Empties all tables. */
  clear(): Promise<unknown>;
  /** Lets go of the disk, after what was asked before. */
  close(): void;
}

/** Some browsers let an open, or a transaction, hang for ever. */
const PATIENCE_MS = 2_000;
const RETRY_MS = 200;

type Rows = Map<IDBValidKey, unknown>;
type Tables = Record<Table, Rows>;
type Act = (on: IDBObjectStore) => void;

const createTables = (): Tables => Object.fromEntries(TABLES.map((table) => [table, new Map()])) as Tables;

/** What is in `tables`, with each change also made by `write`. */
const createStore = (tables: Tables, write: (table: Table, act: Act) => Promise<unknown>) => ({
  durable: false,
  all: (table: Table) => [...tables[table].values()],
  put(table: Table, key: string, value: unknown) {
    tables[table].set(key, value);
    return write(table, (on) => on.put(value, key));
  },
  delete(table: Table, key: string) {
    tables[table].delete(key);
    return write(table, (on) => on.delete(key));
  },
  clear: () =>
    inAll((table) => {
      tables[table].clear();
      return write(table, (on) => on.clear());
    }),
  close() {},
});

const inAll = (act: (table: Table) => Promise<unknown>): Promise<unknown> => Promise.all(TABLES.map(act));

export const memoryStore = (): Store => createStore(createTables(), async () => {});

/**
 * `name` is the database's. It is read once; from then on memory has all that the disk has, so that what is deleted under
 * a running session is put there again. Memory alone where it cannot be opened or read within 2 s.
 */
export async function openIndexedDb(name: string): Promise<Store> {
  const tables = createTables();
  const store = createStore(tables, write);
  let database: Promise<IDBDatabase>;
  let tries = 1;

  async function write(table: Table, act: Act) {
    try {
      await transact(await database, table, act);
    } catch {
      store.durable = false;
    }
  }

  /** Begins with `act` in all tables. */
  function open(act: (on: IDBObjectStore, rows: Rows) => void) {
    database = openDatabase();
    store.durable = true;
    return inAll((table) => write(table, (on) => act(on, tables[table])));
  }

  /**
   * Of whichever version it is: where a table of ours is missing, an upgrade creates it and leaves what is there, so that
   * an older and a newer version of ours can both use it.
   */
  function openDatabase(version?: number): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, version);
      const missing = () => TABLES.filter((table) => !opening.result.objectStoreNames.contains(table));
      setTimeout(reject, PATIENCE_MS);
      opening.onerror = () => {
        tries -= 1;
        if (tries > 0) setTimeout(() => resolve(openDatabase()), RETRY_MS);
        else reject();
      };
      opening.onupgradeneeded = () => {
        for (const table of missing()) opening.result.createObjectStore(table);
      };
      opening.onsuccess = () => {
        const { result } = opening;
        // Deleted, or another version of ours has to add to it.
        result.onversionchange = result.onclose = () => {
          result.close();
          // While the browser is deleting it, it refuses to open the next.
          tries = 9;
          open((on, rows) => {
            for (const [key, value] of rows) on.put(value, key);
          });
        };
        if (!missing()[0]) return resolve(result);
        result.close();
        resolve(openDatabase(result.version + 1));
      };
    });
  }

  store.close = () => database.then((opened) => opened.close()).catch(() => {});
  await open((on, rows) => {
    const keys = on.getAllKeys();
    const values = on.getAll();
    // The second to be answered.
    values.onsuccess = () => keys.result.map((key, index) => rows.set(key, values.result[index]));
  });
  return store;
}

/** Resolves when it is complete: only then is it on disk. */
const transact = (database: IDBDatabase, table: Table, act: Act) =>
  new Promise<unknown>((resolve, reject) => {
    const transaction = database.transaction(table, "readwrite");
    setTimeout(reject, PATIENCE_MS);
    transaction.oncomplete = resolve;
    transaction.onabort = reject;
    act(transaction.objectStore(table));
    // At once: a page that goes into the back/forward cache can end nothing any more, and all that come after would wait.
    transaction.commit();
  });
