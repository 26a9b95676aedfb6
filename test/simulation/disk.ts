/** The disk of a simulation: written a moment later and by the living only; it may be slow, refuse, hang, or be cleared by the guest. */
import { memoryStore, type Store, type Table } from "../../src/session/store.ts";
import type { Device } from "./device.ts";

export type DiskFault = "slow" | "refuses" | "hangs";

export interface Disk {
  fault: DiskFault | null;
  /** Whether a record lies on it. */
  has(table: Table, id: string): boolean;
  /** It takes what is put, be it slowly. */
  readonly sound: boolean;
  /** Since then not everything that was put is there. */
  readonly cleared: boolean;
  /** The guest clears the site's data: who has it open puts it there again from memory, as the real store does. */
  clear(): void;
  /** As a hub opens it. What it puts is lost once it is dead and nothing was written. */
  open(isAlive: () => boolean): Store;
}

const PATIENCE_MS = 2_000;
const TABLES = ["keep", "messages", "activity"] as const;

type Rows = Record<Table, Map<string, unknown>>;
const createRows = (): Rows => ({ keep: new Map(), messages: new Map(), activity: new Map() });

export function createDisk(device: Device, random: () => number): Disk {
  const rows = createRows();
  let current: (() => void) | null = null;
  let cleared = false;

  const disk: Disk = {
    fault: null,
    get sound() {
      return disk.fault === null || disk.fault === "slow";
    },
    has: (table, id) => rows[table].has(id),
    get cleared() {
      return cleared;
    },
    clear() {
      cleared = true;
      for (const table of TABLES) rows[table].clear();
      current?.();
    },
    open(isAlive) {
      // What cannot be read is as good as empty.
      const isSound = disk.sound;
      const held = isSound ? structuredClone(rows) : createRows();
      let last: Promise<unknown> = Promise.resolve();
      const store = { ...memoryStore(), durable: isSound };

      /** In order, as IndexedDB's transactions are. */
      function write(act: () => void): Promise<unknown> {
        const turn = last
          .then(() => device.wait(random() * (disk.fault === "slow" ? 800 : 4)))
          .then(async () => {
            if (!isAlive()) return new Promise<never>(() => {});
            if (disk.fault === "hangs") await device.wait(PATIENCE_MS);
            if (!isAlive()) return new Promise<never>(() => {});
            if (!disk.sound || !isSound) store.durable = false;
            else act();
          });
        last = turn;
        return turn;
      }
      current = () => {
        if (!isAlive() || !isSound) return;
        void write(() => {
          for (const table of TABLES) for (const [key, value] of held[table]) rows[table].set(key, value);
        });
      };
      return Object.assign(store, {
        all: (table: Table) => structuredClone([...held[table].values()]),
        put(table: Table, key: string, value: unknown) {
          const copy = structuredClone(value);
          held[table].set(key, copy);
          return write(() => rows[table].set(key, copy));
        },
        delete(table: Table, key: string) {
          held[table].delete(key);
          return write(() => rows[table].delete(key));
        },
        clear() {
          for (const table of TABLES) held[table].clear();
          return write(() => {
            for (const table of TABLES) rows[table].clear();
          });
        },
      });
    },
  };
  return disk;
}
