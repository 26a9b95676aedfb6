/** How a bench speaks: its tables, and what of many measurements is told. */

/** Of measurements in any order, the one below which `share` of them lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (found === undefined) throw new RangeError("nothing was measured");
  return found;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);
export const worst = (values: readonly number[]): number => percentile(values, 1);

export const toMs = (ms: number): string => `${Math.abs(ms) < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
export const toKiB = (bytes: number): string => `${(bytes / 1024).toFixed(bytes < 102_400 ? 2 : 0)} KiB`;
export const toMiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Prints a table as Markdown, so that it can stand in docs/BENCHMARKS.md as it is. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? "")].length)));
  const pad = (text: string, column: number) => text + " ".repeat((widths[column] ?? 0) - [...text].length);
  const print = (line: readonly string[]) => console.log(`| ${line.map(pad).join(" | ")} |`);
  print(head);
  console.log(`| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`);
  rows.forEach(print);
}
