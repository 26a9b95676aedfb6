/** Plays many seeds in as many processes as the machine has cores for. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

export interface Fault {
  seed: number;
  fault: string;
}

export interface Range {
  from: number;
  to: number;
  /** Default 1: every seed. */
  step?: number;
  /** False: the first fault is told as it is. */
  shrink?: boolean;
  /** Default: as many as there are cores. */
  processes?: number;
  /** The built file to run; another one for a mutant. */
  player?: string;
}

const PLAYER = fileURLToPath(new URL("player.js", import.meta.url));

/** The fault of the lowest seed that was found, or null. One process stops at its first. */
export async function playSeeds(range: Range): Promise<Fault | null> {
  const { from, to, step = 1, shrink = true, processes = availableParallelism(), player = PLAYER } = range;
  const play = (first: number) =>
    new Promise<Fault | null>((resolve, reject) => {
      const found: Fault[] = [];
      const how = shrink ? "shrink" : "as-is";
      const child = fork(player, [first, processes * step, to, how].map(String), {
        execArgv: [],
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      child.on("message", (fault: Fault) => found.push(fault));
      child.on("error", reject);
      child.on("exit", (code) => {
        if (code === 0) resolve(found[0] ?? null);
        else reject(new Error(`a player of seeds has ended with ${code}`));
      });
    });
  const faults = await Promise.all(Array.from({ length: processes }, (_, index) => play(from + index * step)));
  return faults.filter((fault) => fault !== null).sort((a, b) => a.seed - b.seed)[0] ?? null;
}
