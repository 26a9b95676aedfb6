/** The files of all guests, in memory and bounded: what came up, what an agent sends, and links to fetch them for a while. */
import type { SandboxClock } from "../options.ts";
import type { FileClaim } from "./file-rules.ts";

/** Whose they are: a session's key. Nobody else gets at them. */
export interface StoredFile extends FileClaim {
  id: string;
  owner: string;
  phase: "presigned" | "uploaded" | "sent";
  /** ms since the epoch. */
  since: number;
  /** How long it is kept while in no message. */
  unsentMs: number;
  linkMs: number;
  bytes?: Uint8Array<ArrayBuffer>;
  sha256?: string;
}

export interface Files {
  add(file: StoredFile): void;
  find(owner: string, id: string): StoredFile | undefined;
  /** Whether there was such a file, which has been dropped since. */
  isGone(owner: string, id: string): boolean;
  remove(file: StoredFile): void;
  fill(file: StoredFile, bytes: Uint8Array<ArrayBuffer>): void;
  /** The last part of a download's address, which is all it takes to fetch it. */
  link(file: StoredFile): string;
  /** Undefined when the link has run out, or the file is gone. */
  follow(link: string): StoredFile | undefined;
  /** Of all that are held. */
  bytes(): number;
}

/** What is too much goes at the oldest's expense. */
const BYTES = 67_108_864;
const FILES = 1000;
const LINKS = 5000;

const keyOf = (owner: string, id: string): string => JSON.stringify([owner, id]);

export function createFiles(clock: SandboxClock, randomId: () => string): Files {
  const files = new Map<string, StoredFile>();
  const gone = new Set<string>();
  const links = new Map<string, { file: StoredFile; until: number }>();
  let held = 0;

  const drop = (file: StoredFile) => {
    const key = keyOf(file.owner, file.id);
    if (files.get(key) !== file) return false;
    files.delete(key);
    held -= file.bytes?.length ?? 0;
    file.bytes = undefined;
    return true;
  };
  const lose = (file: StoredFile) => {
    if (!drop(file)) return;
    gone.add(keyOf(file.owner, file.id));
    if (gone.size > FILES) gone.delete(gone.values().next().value as string);
  };
  const sweep = () => {
    const now = clock.now();
    for (const file of files.values()) if (file.phase !== "sent" && file.since + file.unsentMs <= now) lose(file);
    for (const [link, { until }] of links) if (until <= now) links.delete(link);
  };
  const makeRoom = (but: StoredFile) => {
    const others = () => [...files.values()].filter((file) => file !== but);
    while (files.size > FILES || held > BYTES) {
      const oldest = others().find(({ phase }) => phase !== "sent") ?? others()[0];
      if (!oldest) return;
      lose(oldest);
    }
  };

  return {
    add(file) {
      sweep();
      files.set(keyOf(file.owner, file.id), file);
      makeRoom(file);
    },
    find(owner, id) {
      sweep();
      return files.get(keyOf(owner, id));
    },
    isGone: (owner, id) => gone.has(keyOf(owner, id)),
    remove: (file) => void drop(file),
    fill(file, bytes) {
      held += bytes.length - (file.bytes?.length ?? 0);
      file.bytes = bytes;
      makeRoom(file);
    },
    link(file) {
      sweep();
      const link = randomId().replaceAll("-", "");
      links.set(link, { file, until: clock.now() + file.linkMs });
      if (links.size > LINKS) links.delete(links.keys().next().value as string);
      return link;
    },
    follow(link) {
      sweep();
      const { file } = links.get(link) ?? {};
      return file?.bytes && file;
    },
    bytes: () => held,
  };
}
