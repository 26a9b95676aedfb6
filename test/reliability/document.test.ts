/** docs/RELIABILITY.md says what the tests show: it is up to date, and every row that it claims has a test. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

type Claims = Map<number, Set<string>>;
type Row = { row: number; fault: string; expected: string; later?: string };

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { findFaults, readClaims, toDocument } = (await import(`${root}test/reliability/document.mjs`)) as {
  readClaims(folder?: string): Claims;
  findFaults(claims: Claims, matrix?: Row[]): string[];
  toDocument(claims: Claims, matrix?: Row[]): string;
};

test("docs/RELIABILITY.md is up to date: else run node test/reliability/document.mjs", () => {
  assert.equal(readFileSync(`${root}docs/RELIABILITY.md`, "utf8"), toDocument(readClaims()));
});

test("every row of the fault matrix has a test, or a reason why it has none", () => {
  assert.deepEqual(findFaults(readClaims()), []);
});

test("a row without a test, and a test without a row, are found", () => {
  const row = (number: number, later?: string): Row => ({ row: number, fault: "f", expected: "e", later });
  const claims: Claims = new Map([[4, new Set(["test/x.test.ts"])]]);
  assert.deepEqual(findFaults(claims, [row(1), row(2, "later")]), ["row 1 has no test", "no row 4: test/x.test.ts"]);
});

test("only the name of a test claims a row: a comment does not", () => {
  const folder = mkdtempSync(join(tmpdir(), "claims-"));
  try {
    mkdirSync(join(folder, "session"));
    // Put together here, or this file would claim them.
    const row = (number: number) => `(${"row"} ${number})`;
    const lines = [
      `/** ${row(1)} */`,
      `// "${row(2)}"`,
      `test("it arrives ${row(3)} ${row(4)}");`,
      `test(\`so ${row(5)}\`);`,
    ];
    writeFileSync(join(folder, "session/a.test.ts"), lines.join("\n"));
    assert.deepEqual([...readClaims(folder).keys()], [3, 4, 5]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
