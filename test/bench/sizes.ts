/** Sizes: what a guest has to fetch, and by when. */
import { readFileSync } from "node:fs";
import { brotliBytes, dist } from "../support/dist.ts";
import { guestFiles } from "../support/guest-files.ts";
import { printTable, toKiB } from "./report.ts";

const plainBytes = (files: string[]): number => files.reduce((sum, file) => sum + readFileSync(dist + file).length, 0);

printTable(
  ["what", "brotli", "ceiling", "plain", "files"],
  guestFiles.map(([what, ceiling, toFiles]) => {
    const files = toFiles();
    return [what, toKiB(brotliBytes(files)), `${ceiling} KiB`, toKiB(plainBytes(files)), String(files.length)];
  }),
);
