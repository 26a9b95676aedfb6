/** The store on disk, in a browser: it outlives its hub, and whatever the browser refuses is held in memory. */
import { openIndexedDb } from "../../src/session/store.ts";

function equal(actual: unknown, expected: unknown): void {
  const [a, e] = [actual, expected].map((value) => JSON.stringify(value) ?? String(value));
  if (a !== e) throw new Error(`got ${a}, expected ${e}`);
}

let names = 0;
const freshName = (): string => {
  names += 1;
  return `store-spec-${names}-${performance.now()}`;
};

const undo: (() => void)[] = [];

/** Puts something in the place of a method until the test is over. */
function replace<Of extends object>(object: Of, name: keyof Of & string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { configurable: true, writable: true, value });
  undo.push(() => {
    if (before) Object.defineProperty(object, name, before);
    else delete object[name];
  });
}

const refuse = (name: string) => () => {
  throw new DOMException("refused", name);
};

type Upgrade = (database: IDBDatabase, transaction: IDBTransaction) => void;

/** Opens the database as another version of ours would, and leaves it. */
const inVersion = (name: string, version: number, upgrade: Upgrade): Promise<void> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, version);
    opening.onupgradeneeded = () => upgrade(opening.result, opening.transaction as IDBTransaction);
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
    opening.onerror = () => reject(opening.error);
  });

describe("the store on disk", () => {
  afterEach(() => {
    for (const restore of undo.splice(0)) restore();
  });

  it("gives a later hub what an earlier one has put there", async () => {
    const name = freshName();
    const first = await openIndexedDb(name);
    equal(first.durable, true);
    await first.put("messages", "a", { id: "a", text: "Grüße 😀" });
    await first.put("messages", "b", { id: "b" });
    await first.put("messages", "b", { id: "b", text: "changed" });
    await first.put("keep", "standing", { epoch: "e" });
    await first.delete("messages", "nobody");
    const second = await openIndexedDb(name);
    equal(second.all("messages"), [
      { id: "a", text: "Grüße 😀" },
      { id: "b", text: "changed" },
    ]);
    equal(second.all("keep"), [{ epoch: "e" }]);
    await second.delete("messages", "a");
    const third = await openIndexedDb(name);
    equal(third.all("messages"), [{ id: "b", text: "changed" }]);
    await third.clear();
    const fourth = await openIndexedDb(name);
    equal([fourth.all("messages"), fourth.all("keep")], [[], []]);
  });

  it("is another for another name", async () => {
    const first = await openIndexedDb(freshName());
    await first.put("keep", "standing", 1);
    equal((await openIndexedDb(freshName())).all("keep"), []);
  });

  it("is memory where the browser refuses to open one (row 47)", async () => {
    replace(indexedDB, "open", refuse("SecurityError"));
    const store = await openIndexedDb(freshName());
    equal(store.durable, false);
    await store.put("keep", "standing", 1);
    equal(store.all("keep"), [1]);
  });

  it("is memory where the browser never answers, after 2 s (row 47)", async () => {
    replace(indexedDB, "open", () => ({}));
    const before = performance.now();
    const store = await openIndexedDb(freshName());
    const took = performance.now() - before;
    equal(store.durable, false);
    equal(took > 1_900 && took < 4_000, true);
  });

  it("keeps what an older version of ours has put there, and has the tables that came since", async () => {
    const name = freshName();
    await inVersion(name, 1, (database) => {
      database.createObjectStore("keep").put({ epoch: "e" }, "standing");
      database.createObjectStore("messages").put({ id: "a" }, "a");
    });
    const store = await openIndexedDb(name);
    await store.put("activity", "1", { seq: 1 });
    equal(store.durable, true);
    equal(store.all("keep"), [{ epoch: "e" }]);
    equal(store.all("messages"), [{ id: "a" }]);
    equal((await openIndexedDb(name)).all("activity"), [{ seq: 1 }]);
  });

  it("can be used by an older and a newer version of ours in turn, and each reads what the other has put there", async () => {
    const name = freshName();
    const older = await openIndexedDb(name);
    await older.put("messages", "a", "of the older one");
    older.close();
    await inVersion(name, 99, (database, transaction) => {
      database.createObjectStore("since");
      transaction.objectStore("messages").put("of the newer one", "b");
    });
    const store = await openIndexedDb(name);
    equal(store.durable, true);
    equal(store.all("messages"), ["of the older one", "of the newer one"]);
    await store.put("messages", "c", "of the older one again");
    store.close();
    let read: IDBRequest<unknown[]> | undefined;
    await inVersion(name, 100, (_, transaction) => {
      read = transaction.objectStore("messages").getAll();
    });
    equal(read?.result, ["of the older one", "of the newer one", "of the older one again"]);
  });

  it("makes way for a newer version of ours, uses it with it and stays durable (row 48)", async () => {
    const name = freshName();
    const store = await openIndexedDb(name);
    await store.put("messages", "a", 1);
    // Resolves only when nobody holds the older one open.
    await inVersion(name, 99, (_, transaction) => {
      transaction.objectStore("messages").put(3, "c");
    });
    await store.put("messages", "b", 2);
    equal(store.durable, true);
    equal(store.all("messages"), [1, 2]);
    equal((await openIndexedDb(name)).all("messages"), [1, 2, 3]);
  });

  it("says that it is no longer durable when the disk is full, and loses nothing of what was put there before (row 46)", async () => {
    const name = freshName();
    const store = await openIndexedDb(name);
    await store.put("messages", "a", 1);
    replace(IDBObjectStore.prototype, "put", refuse("QuotaExceededError"));
    await store.put("messages", "b", 2);
    equal(store.durable, false);
    equal(store.all("messages"), [1, 2]);
    equal((await openIndexedDb(name)).all("messages"), [1]);
  });

  /** Refuses the next `times` transactions as they are completed. */
  function refuseNext(times: number): void {
    const { commit } = IDBTransaction.prototype;
    let left = times;
    replace(IDBTransaction.prototype, "commit", function (this: IDBTransaction) {
      left -= 1;
      return left < 0 ? commit.call(this) : this.abort();
    });
  }

  it("leaves no gap where the disk has refused one message and takes the next: both are there", async () => {
    const name = freshName();
    const store = await openIndexedDb(name);
    await store.put("messages", "a", 1);
    refuseNext(1);
    await store.put("messages", "b", 2);
    equal((await openIndexedDb(name)).all("messages"), [1]);
    await store.put("messages", "c", 3);
    equal((await openIndexedDb(name)).all("messages"), [1, 2, 3]);
  });

  it("leaves no gap where the disk refuses one of two messages that were on their way at once", async () => {
    const name = freshName();
    const store = await openIndexedDb(name);
    await store.put("messages", "a", 1);
    refuseNext(1);
    const refused = store.put("messages", "b", 2);
    const taken = Promise.resolve().then(() => store.put("messages", "c", 3));
    await Promise.all([refused, taken]);
    equal((await openIndexedDb(name)).all("messages"), [1, 2, 3]);
  });

  it("takes away and empties what the disk has refused to, and changes nothing that came since", async () => {
    const name = freshName();
    const store = await openIndexedDb(name);
    await store.put("messages", "a", 1);
    await store.put("messages", "b", 1);
    refuseNext(1);
    await store.delete("messages", "a");
    await store.put("messages", "c", 1);
    equal((await openIndexedDb(name)).all("messages"), [1, 1]);
    refuseNext(3);
    await store.put("messages", "d", 1);
    await store.clear();
    await store.put("messages", "d", 2);
    await store.put("keep", "standing", 2);
    const later = await openIndexedDb(name);
    equal([later.all("messages"), later.all("keep")], [[2], [2]]);
  });

  it("says so too when the disk is full only as the change is completed (row 46)", async () => {
    const store = await openIndexedDb(freshName());
    // Every request succeeds, their transaction does not.
    replace(IDBTransaction.prototype, "commit", IDBTransaction.prototype.abort);
    await store.put("messages", "a", 1);
    equal(store.durable, false);
    equal(store.all("messages"), [1]);
  });

  const isDeleted = (name: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(name);
      deleting.onsuccess = () => resolve();
      deleting.onerror = () => reject(deleting.error);
    });

  it("puts all that it had there again when it is deleted under a running session, and stays durable (row 50)", async () => {
    const name = freshName();
    const store = await openIndexedDb(name);
    await store.put("keep", "standing", { epoch: "e" });
    await store.put("messages", "a", 1);
    await store.put("messages", "b", 2);
    await store.delete("messages", "a");
    // Resolves only when nobody holds it open.
    await isDeleted(name);
    await store.put("messages", "c", 3);
    equal(store.durable, true);
    const later = await openIndexedDb(name);
    equal(later.all("messages"), [2, 3]);
    equal(later.all("keep"), [{ epoch: "e" }]);
  });

  it("puts there again what an earlier hub had put there, too", async () => {
    const name = freshName();
    (await openIndexedDb(name)).put("messages", "a", 1);
    const store = await openIndexedDb(name);
    await isDeleted(name);
    await store.put("messages", "b", 2);
    equal((await openIndexedDb(name)).all("messages"), [1, 2]);
  });

  it("brings nothing back once it is closed, and has kept what was asked before", async () => {
    const name = freshName();
    const store = await openIndexedDb(name);
    void store.put("messages", "a", 1);
    store.close();
    const later = await openIndexedDb(name);
    equal(later.all("messages"), [1]);
    later.close();
    await isDeleted(name);
    let tables: DOMStringList | undefined;
    await inVersion(name, 99, ({ objectStoreNames }) => {
      tables = objectStoreNames;
    });
    equal(tables?.length, 0);
  });

  it("puts there again what came while the browser had closed it, and is durable again (row 50)", async () => {
    const name = freshName();
    const { transaction } = IDBDatabase.prototype;
    let database: IDBDatabase | undefined;
    replace(
      IDBDatabase.prototype,
      "transaction",
      function (this: IDBDatabase, ...given: Parameters<typeof transaction>) {
        database = this;
        return transaction.apply(this, given);
      },
    );
    const store = await openIndexedDb(name);
    database?.close();
    await store.put("messages", "a", 1);
    equal(store.durable, false);
    database?.dispatchEvent(new Event("close"));
    await store.put("messages", "b", 2);
    equal(store.durable, true);
    equal((await openIndexedDb(name)).all("messages"), [1, 2]);
  });

  it("is given up for memory after 2 s where a change never completes, and what was typed goes on (row 47)", async () => {
    const store = await openIndexedDb(freshName());
    replace(IDBDatabase.prototype, "transaction", () => ({ objectStore: () => ({ put() {} }) }));
    await store.put("messages", "a", 1);
    equal(store.durable, false);
    equal(store.all("messages"), [1]);
  });

  it("reads each table once, however often it is asked", async () => {
    const name = freshName();
    (await openIndexedDb(name)).put("keep", "standing", 1);
    let asked = 0;
    const { getAll } = IDBObjectStore.prototype;
    replace(IDBObjectStore.prototype, "getAll", function (this: IDBObjectStore) {
      asked += 1;
      return getAll.call(this);
    });
    const store = await openIndexedDb(name);
    equal([store.all("keep"), store.all("keep"), store.all("messages")], [[1], [1], []]);
    equal(asked, 3);
  });

  it("never rejects, whatever fails", async () => {
    const store = await openIndexedDb(freshName());
    for (const method of ["put", "getAll", "delete", "clear"] as const) {
      replace(IDBObjectStore.prototype, method, refuse("UnknownError"));
    }
    await store.put("keep", "a", 1);
    equal(store.all("keep"), [1]);
    await store.delete("keep", "a");
    equal(store.all("keep"), []);
    await store.put("keep", "b", 2);
    await store.clear();
    equal(store.all("keep"), []);
  });

  it("takes nothing that cannot be cloned for a reason to fail", async () => {
    const store = await openIndexedDb(freshName());
    await store.put("keep", "a", () => {});
    equal(store.durable, false);
  });
});
