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
  /** The first fault that is found in `seeds` seeds, or null: the mutation was not noticed. */
  play(mutation: Mutation, seeds: number): Promise<Fault | null>;
  remove(): void;
}

/** One mutation at a time; for another at once take another scratch. */
export function createScratch(): Scratch {
  const scratch = mkdtempSync(join(tmpdir(), "guest-chat-mutant-"));
  for (const part of NEEDED) cpSync(join(build, part), join(scratch, "build", part), { recursive: true });
  cpSync(join(root, "package.json"), join(scratch, "package.json"));
  symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"), "dir");
  const player = join(scratch, "build/test/simulation/player.js");
  return {
    async play({ name, file, find, replace }, seeds) {
      const path = join(scratch, "build/src", file);
      const sound = readFileSync(path, "utf8");
      if (sound.split(find).length !== 2) throw new Error(`"${name}": its text is not once in ${file}`);
      writeFileSync(
        path,
        sound.replace(find, () => replace),
      );
      try {
        return await playSeeds({ from: 1, to: seeds, shrink: false, processes: 1, player });
      } finally {
        writeFileSync(path, sound);
      }
    },
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}
