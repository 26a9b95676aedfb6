/** The disk of a simulation: the real store over an IndexedDB that lies in virtual time; it may be slow, refuse, hang, or be cleared by the guest. */
import { IDBFactory, IDBTransaction as Transaction } from "fake-indexeddb";
import { openIndexedDb, type Store, type Table } from "../../src/session/store.ts";
import type { Device } from "./device.ts";

export type DiskFault = "slow" | "refuses" | "hangs";

export interface Disk {
  fault: DiskFault | null;
  /** So many of the writes to come are refused, and those after them are taken. */
  refuse(writes: number): void;
  /** What lies on it. */
  read(table: Table, key: string): unknown;
  /** Since then not everything that was put is there. */
  readonly cleared: boolean;
  /** The guest clears the site's data: who has it open puts it there again from memory. */
  clear(): void;
  /** As a hub opens it. One that is dead hears of nothing any more: what it had asked for by then is done, and its connections are closed. */
  open(isAlive: () => boolean): { store: Promise<Store>; drop(): void };
  /** Gives the process its own time and IndexedDB back. */
  remove(): void;
}

const NAME = "chat";
/** Of each of the several steps of a transaction. */
const STEP_MS = 1;
const SLOW_STEP_MS = 150;

interface Owner {
  isAlive(): boolean;
  connections: Set<IDBDatabase>;
}

/** The part of fake-indexeddb's inside that tells what is on its disk. */
interface Inside {
  _databases: Map<string, { rawObjectStores: Map<string, { records: { get(key: string): { value: unknown } } }> }>;
}

const never = () => new Promise<never>(() => {});

/** Whoever waits for it and dies meanwhile, waits for ever. */
async function open(name: string, isAlive: () => boolean): Promise<Store> {
  const store = await openIndexedDb(name);
  const ask = async (act: () => Promise<unknown>) => {
    const result = isAlive() ? await act() : undefined;
    return isAlive() ? result : never();
  };
  if (!isAlive()) return never();
  return {
    get durable() {
      return store.durable;
    },
    all: (table) => structuredClone(store.all(table)),
    put: (table, key, value) => ask(() => store.put(table, key, structuredClone(value))),
    delete: (table, key) => ask(() => store.delete(table, key)),
    clear: () => ask(() => store.clear()),
    close: () => store.close(),
  };
}

function drop({ connections }: Owner): void {
  for (const database of connections) {
    database.onversionchange = null;
    database.onclose = null;
    database.close();
  }
}

export function createDisk(device: Device, random: () => number): Disk {
  const factory = new IDBFactory();
  const owners = new Map<string, Owner>();
  let fault: DiskFault | null = null;
  let refusing = 0;
  let cleared = false;
  const held: (() => void)[] = [];

  function step(act: () => void) {
    if (fault === "hangs") held.push(act);
    else device.clock.after(random() * (fault === "slow" ? SLOW_STEP_MS : STEP_MS), act);
  }

  const real = Object.getOwnPropertyDescriptors(globalThis);
  const { commit } = Transaction.prototype;
  Object.assign(globalThis, {
    setImmediate: step,
    setTimeout: (act: () => void, ms = 0) => device.clock.after(ms, act),
    indexedDB: {
      open(name: string, version?: number) {
        const owner = owners.get(name) as Owner;
        if (!owner.isAlive()) return {};
        if (fault === "refuses") throw new DOMException("by the story", "UnknownError");
        const request = factory.open(NAME, version);
        request.addEventListener("success", () => {
          owner.connections.add(request.result);
          if (!owner.isAlive()) drop(owner);
        });
        return request;
      },
    },
  });
  Transaction.prototype.commit = function () {
    refusing -= 1;
    if (fault === "refuses" || refusing >= 0) this.abort();
    else commit.call(this);
    refusing = Math.max(0, refusing);
  };

  return {
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
      for (const act of held.splice(0)) step(act);
    },
    refuse(writes) {
      refusing = writes;
    },
    read: (table, key) =>
      (factory as unknown as Inside)._databases.get(NAME)?.rawObjectStores.get(table)?.records.get(key)?.value,
    get cleared() {
      return cleared;
    },
    clear() {
      cleared = true;
      factory.deleteDatabase(NAME);
    },
    open(isAlive) {
      const name = `${NAME} ${owners.size}`;
      const owner = { isAlive, connections: new Set<IDBDatabase>() };
      owners.set(name, owner);
      return { store: open(name, isAlive), drop: () => drop(owner) };
    },
    remove() {
      Transaction.prototype.commit = commit;
      for (const name of ["setImmediate", "setTimeout", "indexedDB"] as const) {
        if (real[name]) Object.defineProperty(globalThis, name, real[name]);
        else Reflect.deleteProperty(globalThis, name);
      }
    },
  };
}
