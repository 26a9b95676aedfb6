/** The fault rules in force: which of them a frame, an upgrade or a call has met, and how often each has fired. */
import type { FaultRule, Then } from "./rule.ts";

/** A rule in force. */
export type Fault = FaultRule & { id: string /** How often it has fired. */; fired: number };

/** What has just come by. */
export interface Passing {
  kind: FaultRule["match"]["kind"];
  direction?: "in" | "out";
  /** A frame's type. */
  action?: string;
  method?: string;
  path: string;
}

/** What to do, and the rule's name, or its id, for the log. */
export type Fired = Then & { fault: string };

export interface Faults {
  add(rules: readonly FaultRule[]): Fault[];
  /** In the order they were set. */
  list(): Fault[];
  /** One rule, or all. Returns how many there were. */
  remove(id?: string): number;
  /** The first rule that fires for this; undefined when nothing is to be done. */
  meet(passing: Passing): Fired | undefined;
}

/** RegExp.escape is not in Node 20. */
const escapePattern = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

const toPattern = (path: string): RegExp => new RegExp(`^${escapePattern(path).replaceAll("*", ".*")}$`);

export function createFaults(randomId: () => string): Faults {
  const entries = new Map<string, { fault: Fault; seen: number; isPath: (path: string) => boolean }>();

  const isMet = ({ match }: FaultRule, isPath: (path: string) => boolean, passing: Passing): boolean =>
    match.kind === passing.kind &&
    (match.direction ?? (match.kind === "http" ? "in" : passing.direction)) === passing.direction &&
    (match.action ?? passing.action) === passing.action &&
    (match.method ?? passing.method)?.toUpperCase() === passing.method?.toUpperCase() &&
    isPath(passing.path);

  return {
    add: (rules) =>
      rules.map((rule) => {
        const fault: Fault = { id: randomId(), ...rule, fired: 0 };
        const { path } = rule.match;
        const pattern = path === undefined ? undefined : toPattern(path);
        entries.set(fault.id, { fault, seen: 0, isPath: (given) => pattern?.test(given) ?? true });
        return { ...fault };
      }),
    list: () => [...entries.values()].map(({ fault }) => ({ ...fault })),
    remove(id) {
      const before = entries.size;
      if (id === undefined) entries.clear();
      else entries.delete(id);
      return before - entries.size;
    },
    meet(passing) {
      let fired: Fired | undefined;
      // All count what they match; the first that is due acts.
      for (const entry of entries.values()) {
        const { fault, isPath } = entry;
        if (!isMet(fault, isPath, passing)) continue;
        entry.seen += 1;
        const { nth } = fault.match;
        const times = fault.times ?? (nth === undefined ? Number.POSITIVE_INFINITY : 1);
        if (fired || entry.seen < (nth ?? 1) || fault.fired >= times) continue;
        fault.fired += 1;
        fired = { ...fault.then, fault: fault.name ?? fault.id };
      }
      return fired;
    },
  };
}
