/** Runs the stories on a scratch copy of the build in which one text of one file is another. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mutation } from "./mutations.ts";
import { type Fault, playSeeds } from "./players.ts";

const build = fileURLToPath(new URL("../..", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));
const NEEDED = ["src", "test/simulation", "test/hub", "test/support"];

export interface Scratch {
  /** The first fault that is found in `seeds` seeds, or null: the mutation was not noticed. `known` is tried before all others. */
  play(mutation: Mutation, seeds: number, known?: number): Promise<Fault | null>;
  remove(): void;
}

/** A mistake in one dialect's own code is noticed by stories in that dialect only: see seed.ts. */
function toSeeds(file: string): { from: number; step: number } {
  if (file.startsWith("protocols/web-messaging/")) return { from: 2, step: 2 };
  return file.startsWith("protocols/") ? { from: 1, step: 2 } : { from: 1, step: 1 };
}

/** One mutation at a time; for another at once take another scratch. */
export function createScratch(): Scratch {
  const scratch = mkdtempSync(join(tmpdir(), "guest-chat-mutant-"));
  for (const part of NEEDED) cpSync(join(build, part), join(scratch, "build", part), { recursive: true });
  cpSync(join(root, "package.json"), join(scratch, "package.json"));
  symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"), "dir");
  const player = join(scratch, "build/test/simulation/player.js");
  return {
    async play({ name, file, find, replace }, seeds, known) {
      const path = join(scratch, "build/src", file);
      const sound = readFileSync(path, "utf8");
      if (sound.split(find).length !== 2) throw new Error(`"${name}": its text is not once in ${file}`);
      writeFileSync(
        path,
        sound.replace(find, () => replace),
      );
      try {
        const how = { shrink: false, processes: 1, player };
        return (
          (known && (await playSeeds({ from: known, to: known, ...how }))) ||
          (await playSeeds({ ...toSeeds(file), to: seeds, ...how }))
        );
      } finally {
        writeFileSync(path, sound);
      }
    },
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}
