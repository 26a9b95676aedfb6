/** What a browser fetches of dist/: a file and all that it imports before it runs. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

export const dist = fileURLToPath(new URL("../../../dist/", import.meta.url));

export const readDist = (file: string): string => readFileSync(dist + file, "utf8");

/** The names of all built files. */
export const distFiles = (): string[] => readdirSync(dist).filter((file) => !file.startsWith("."));

const named = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] as string);

/** Files imported statically, in minified code as in plain. */
const imports = (file: string): string[] => named(readDist(file), /(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g);

/** Files imported when they are needed. */
export const lazyImports = (file: string): string[] =>
  named(readDist(file), /\bimport\s*\(\s*["'`]\.\/([^"'`]+)["'`]\s*\)/g);

/** The files themselves and all that they import statically. */
export function withImports(...files: string[]): string[] {
  const found = new Set<string>();
  const add = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    imports(file).forEach(add);
  };
  files.forEach(add);
  return [...found];
}

/** Bytes of the files, each compressed by itself as a server does it: brotli, quality 11. */
export const brotliBytes = (files: string[]): number =>
  files
    .map((file) => {
      const bytes = readFileSync(dist + file);
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      return brotliCompressSync(bytes, { params }).length;
    })
    .reduce((sum, bytes) => sum + bytes, 0);
