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
type Act = (on: (table: Table) => IDBObjectStore) => void;

const createTables = (): Tables => Object.fromEntries(TABLES.map((table) => [table, new Map()])) as Tables;

/** What is in `tables`, with each change also made by `write`, under a name of what it changes. */
const createStore = (tables: Tables, write: (name: string, act: Act) => Promise<unknown>) => ({
  durable: false,
  all: (table: Table) => [...tables[table].values()],
  put(table: Table, key: string, value: unknown) {
    tables[table].set(key, value);
    return write(table + key, (on) => on(table).put(value, key));
  },
  delete(table: Table, key: string) {
    tables[table].delete(key);
    return write(table + key, (on) => on(table).delete(key));
  },
  clear() {
    for (const table of TABLES) tables[table].clear();
    return write("", (on) => TABLES.map((table) => on(table).clear()));
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
  /**
   * What is not on disk yet. All of it goes there or nothing, and what is refused goes again with the next: were a later
   * message there without an earlier one, nobody would ever ask the platform for what lies between.
   */
  const due = new Map<string, Act>();
  let database: Promise<IDBDatabase>;
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<unknown> | undefined;
  let tries = 1;

  /** One transaction at a time; what comes meanwhile shares the next. */
  function write(name: string, act: Act) {
    due.delete(name);
    due.set(name, act);
    next ??= last = last.then(commit);
    return next;
  }

  async function commit() {
    next = undefined;
    const acts = [...due];
    try {
      await transact(await database, acts);
      for (const [name, act] of acts) if (due.get(name) === act) due.delete(name);
    } catch {
      store.durable = false;
    }
  }

  /** Begins with `act` in all tables. */
  function open(act: (on: IDBObjectStore, rows: Rows) => void) {
    database = openDatabase();
    store.durable = true;
    return write("open", (on) => TABLES.map((table) => act(on(table), tables[table])));
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

  store.close = () => {
    // At once: the page may be about to freeze.
    void commit();
    database.then((opened) => opened.close()).catch(() => {});
  };
  await open((on, rows) => {
    const keys = on.getAllKeys();
    const values = on.getAll();
    // The second to be answered.
    values.onsuccess = () => keys.result.map((key, index) => rows.set(key, values.result[index]));
  });
  // What could not be read is not asked for again: memory is ahead of it from now on.
  due.clear();
  return store;
}

/** Resolves when it is complete: only then is it on disk. */
const transact = (database: IDBDatabase, acts: [string, Act][]) =>
  new Promise<unknown>((resolve, reject) => {
    const transaction = database.transaction(TABLES, "readwrite");
    setTimeout(reject, PATIENCE_MS);
    transaction.oncomplete = resolve;
    transaction.onabort = reject;
    for (const [, act] of acts) act((table) => transaction.objectStore(table));
    // At once: a page that goes into the back/forward cache can end nothing any more, and all that come after would wait.
    transaction.commit();
  });
