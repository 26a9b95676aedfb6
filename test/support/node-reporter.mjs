/** A reporter for `node --test`: a line a file, failures in full as they happen; and the counts as JSON for test/run.mjs. */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { inspect } from "node:util";

const indent = (text) => text.replace(/^/gm, "    ");

/** Why a test failed, without the frames of the runner itself. */
function toReason({ error }) {
  const cause = error?.cause ?? error;
  const text = cause instanceof Error ? inspect(cause, { depth: 6 }) : String(cause);
  return indent(text.replace(/\n\s+at .*\(?node:internal.*/g, ""));
}

export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const files = new Map();
  const seconds = new Map();
  const parents = new Set();
  const open = [];
  for await (const { type, data } of source) {
    if (type === "test:start") {
      // What has a test within is no leaf: its own result only repeats theirs.
      open.length = data.nesting;
      if (data.nesting > 0 && open[data.nesting - 1]) parents.add(open[data.nesting - 1]);
      open[data.nesting] = `${data.file}:${data.line}:${data.column}:${data.name}`;
    }
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    if (type === "test:diagnostic" && data.nesting === 0 && /^(Warning|Error)/.test(data.message))
      yield `${data.message}\n`;
    if (type !== "test:pass" && type !== "test:fail") continue;
    const file = relative(process.cwd(), data.file ?? "");
    const isFile = data.name === data.file || (data.file && relative(process.cwd(), data.file) === data.name);
    if (data.nesting === 0 && !isFile)
      seconds.set(file, (seconds.get(file) ?? 0) + (data.details?.duration_ms ?? 0) / 1000);
    const isParent =
      data.details?.type === "suite" || parents.has(`${data.file}:${data.line}:${data.column}:${data.name}`);
    const code = data.details?.error?.failureType;
    // A suite fails by itself only when one of its hooks does; the rest is told by its tests.
    if (type === "test:pass" ? isParent || isFile : (isParent || isFile) && code === "subtestsFailed") continue;
    const isSkipped = data.skip !== undefined || data.todo !== undefined;
    const result = isSkipped ? "skipped" : type === "test:pass" ? "passed" : "failed";
    counts[result]++;
    files.set(file, (files.get(file) ?? 0) + 1);
    if (result === "skipped")
      yield `  - skipped: ${data.name}${typeof data.skip === "string" ? `: ${data.skip}` : ""}\n`;
    if (result === "failed") yield `  ✗ ${data.name}\n    ${file}:${data.line ?? ""}\n${toReason(data.details)}\n`;
  }
  for (const [file, tests] of files) {
    yield `  ${String(tests).padStart(4)}  ${(seconds.get(file) ?? 0).toFixed(1).padStart(6)} s  ${file}\n`;
  }
  if (process.env.TEST_COUNTS)
    writeFileSync(process.env.TEST_COUNTS, JSON.stringify({ ...counts, files: [...files.keys()] }));
}
