/** The commands of one tab that no hub has acknowledged yet: what was typed in a gap between two hubs is sent by the next. */
import type { Command } from "../chat/command.ts";
import type { Request } from "./port.ts";

/** A send or reply, as it was asked for. */
export type Typed = Request & { command: Extract<Command, { type: "send" | "reply" }> };

export interface Unacknowledged {
  add(typed: Typed): void;
  remove(id: string): void;
  all(): readonly Typed[];
}

/** The part of Storage that is used; any of it may throw. */
export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export const isTyped = (request: Request): request is Typed =>
  request.command.type === "send" || request.command.type === "reply";

/** Kept in `storage` under `key`, so that a reload sends them again; in memory where there is none. */
export function createUnacknowledged(storage: TabStorage | null | undefined, key: string): Unacknowledged {
  let list = read(storage, key);
  const write = () => {
    try {
      if (list.length > 0) storage?.setItem(key, JSON.stringify(list));
      else storage?.removeItem(key);
    } catch {
      // Full or blocked: the list lives as long as the tab.
    }
  };
  return {
    add(typed) {
      list.push(typed);
      write();
    },
    remove(id) {
      if (!list.some((typed) => typed.id === id)) return;
      list = list.filter((typed) => typed.id !== id);
      write();
    },
    all: () => list,
  };
}

function read(storage: TabStorage | null | undefined, key: string): Typed[] {
  try {
    const list: unknown = JSON.parse(storage?.getItem(key) ?? "[]");
    return Array.isArray(list) ? list.filter(isSound) : [];
  } catch {
    return [];
  }
}

/** Only the outline: the hub checks the rest. */
function isSound(value: unknown): value is Typed {
  const { id, at, command } = (value ?? {}) as Partial<Typed>;
  return typeof id === "string" && typeof at === "number" && typeof command?.text === "string";
}
