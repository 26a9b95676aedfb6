/** The sandbox's log: what crossed, in order and bounded, for tests to read; it never holds a token or a secret. */

export interface LogEntry {
  /** ISO 8601. */
  at: string;
  direction: "in" | "out";
  kind: "frame" | "http" | "upgrade";
  session?: string;
  /** Of a frame: its type; in web messaging, its action or class. */
  type?: string;
  /** The frame itself, masked. */
  frame?: unknown;
  method?: string;
  path?: string;
  status?: number;
  origin?: string;
  /** The fault rule that decided over it: its name, or its id. */
  fault?: string;
  /** Of a frame to the guest: the rule has taken it away. */
  lost?: true;
}

export interface Log {
  add(entry: Omit<LogEntry, "at">): void;
  /** Called with each new entry. Returns the un-listen. */
  listen(listener: (entry: LogEntry) => void): () => void;
  entries(): readonly LogEntry[];
}

/** Beyond these the log says only that something crossed. */
const FRAME_CHARS = 32_768;
const ENTRIES = 5000;

const SECRET_NAME = /token|secret|ticket|password|authorization/i;
/** A JWT, wherever it stands (RFC 7519: its header begins with `{"`). */
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** Who has such an address may put a file there, or fetch one. */
const LINK = /(\/(?:uploads|api\/v2\/downloads)\/)\w+/g;

const mask = (name: string, value: unknown): unknown => {
  if (typeof value !== "string") return value;
  return SECRET_NAME.test(name) ? "***" : value.replace(JWT, "***").replace(LINK, "$1***");
};

/** `now` in ms since the epoch. */
export function createLog(now: () => number): Log {
  const entries: LogEntry[] = [];
  const listeners = new Set<(entry: LogEntry) => void>();
  return {
    add(given) {
      const entry = { at: new Date(now()).toISOString(), ...given };
      entries.push(entry);
      if (entries.length > ENTRIES) entries.shift();
      for (const listener of [...listeners]) listener(entry);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    entries: () => entries,
  };
}

/** An address whose last parts are a secret: who has it may put a file there, or fetch one. */
export const toLoggablePath = (path: string): string =>
  path.replace(
    /^(\/uploads|\/api\/v2\/downloads|\/api\/v2\/webmessaging\/deployments\/[^/]+\/pushdevices)\/[^/]+/,
    "$1/***",
  );

/** Each dialect has its own name for what a frame is. */
const toType = (frame: object): string | undefined => {
  const { action, class: name, type } = frame as Record<string, unknown>;
  return [action, name, type].find((each) => typeof each === "string") as string | undefined;
};

/** What of a frame may be logged; of one that is no JSON object, nothing. */
export function toLoggable(text: string | null): { type?: string; frame?: unknown } {
  if (text === null || text.length > FRAME_CHARS) return {};
  try {
    const frame: unknown = JSON.parse(text, mask);
    if (typeof frame !== "object" || frame === null) return {};
    const type = toType(frame);
    return type === undefined ? { frame } : { type, frame };
  } catch {
    return {};
  }
}
