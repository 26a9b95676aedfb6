/** Writes docs/RELIABILITY.md from the matrix and the names of the tests: `node test/reliability/document.mjs`. */
import { readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { guarantees } from "./guarantees.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Below a line that says what it is, and the head. */
const rows = readFileSync(new URL("./matrix.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .slice(3)
  .map((line) => {
    const [row, fault, expected, but, later, web] = line.split(" | ");
    return { row: Number(row), fault, expected: web ? `${expected}. In web messaging: ${web}` : expected, but, later };
  });

/** As herd.test.ts draws it, which fails where this is another one. */
const herd = readFileSync(new URL("./herd.txt", import.meta.url), "utf8").trimEnd();

/** Files of tests by the rows that their tests' names bear. Names are texts: a comment claims nothing. */
export function readClaims(folder = `${root}test`) {
  const claims = new Map();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
  for (const path of files.filter((each) => each.endsWith(".ts") && !each.startsWith("support/")).sort()) {
    const code = readFileSync(`${folder}/${path}`, "utf8").replace(/^\s*(\/\/|\/?\*).*$/gm, "");
    for (const [, text] of code.matchAll(/["`]([^"`\n]*\(rows? \d+[^"`\n]*)["`]/g)) {
      for (const [, list] of text.matchAll(/\(rows? ([\d, ]+)[^)]*\)/g)) {
        for (const row of list.match(/\d+/g)) {
          claims.set(Number(row), (claims.get(Number(row)) ?? new Set()).add(`test/${path}`));
        }
      }
    }
  }
  return claims;
}

const isWebMessaging = (file) => /web-messaging|reliability\/files/.test(file);

/** What is wrong with the claims, in words; nothing where each row has a test or a reason why not. */
export function findFaults(claims, matrix = rows) {
  const known = new Set(matrix.map(({ row }) => row));
  return [
    ...matrix.filter(({ row, later }) => !claims.has(row) && !later).map(({ row }) => `row ${row} has no test`),
    ...[...claims].filter(([row]) => !known.has(row)).map(([row, files]) => `no row ${row}: ${[...files].join(", ")}`),
  ];
}

/** A Markdown table whose columns stand under one another, as the formatter has it. */
function toTable(head, lines) {
  const cells = [head, ...lines].map((line) => line.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((line) => [...line[column]].length)));
  const toLine = (line) => `| ${line.map((cell, n) => cell + " ".repeat(widths[n] - [...cell].length)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [toLine(cells[0]), rule, ...cells.slice(1).map(toLine)].join("\n");
}

export function toDocument(claims, matrix = rows) {
  const shown = matrix.filter(({ row }) => claims.has(row));
  const missing = matrix.filter(({ row }) => !claims.has(row));
  const toResult = ({ but }) => (but ? `shown, but: ${but}` : "shown");
  return `# Reliability

What is promised to a guest on a bad network, with a tired laptop or beside a busy server, and the faults that it is tested
with. Made by \`node test/reliability/document.mjs\` from \`test/reliability/matrix.txt\` and the names of the tests; a test fails
where it is not up to date, or where a row below has no test.

## What is promised

${toTable(
  ["", "guarantee"],
  guarantees.map(([id, text]) => [id, text]),
)}

## How it is tested

Each fault has a number, and each of its tests bears that number at the end of its name: \`(row 9)\`. All of them run with
\`npm test\`. Those in \`test/reliability/\` run over real sockets: the session with its dialect, a TCP proxy that
makes the network slow, narrow, half open or gone (\`test/support/tcp-proxy.ts\`), the broker, and the [sandbox](sandbox.md) with
its fault rules. Only time is the test's own, so that ten seconds or eight hours pass at once; no test waits by the clock.
Faults of the session alone are played with a platform of the test's, those of tabs and storage in browsers.

## The faults that are shown: ${shown.length} of ${matrix.length}

"Shown" means that it has tests, and that \`npm test\` fails where one of them does; no run is recorded here. Tests of web
messaging, the protocol of live orgs, stand by themselves; those of browsers, tabs and storage are the same in both.

${toTable(
  ["row", "fault", "expected", "tests", "in web messaging", "result"],
  shown.map((row) => {
    const files = [...claims.get(row.row)];
    const toList = (isWanted) =>
      files
        .filter(isWanted)
        .map((file) => `\`${file}\``)
        .join(", ");
    const lists = [toList((file) => !isWebMessaging(file)), toList(isWebMessaging)];
    return [String(row.row), row.fault, row.expected, ...lists, toResult(row)];
  }),
)}

## The herd: ten thousand that drop at once (row 78)

The server admits 1,000 a minute and answers the rest with \`error unavailable\`, \`retryAfter\` 60, and a close. What the
simulation of real sessions has given, a line a minute:

\`\`\`
${herd}
\`\`\`

## Those that are not: ${missing.length}

${toTable(
  ["row", "fault", "why"],
  missing.map(({ row, fault, later }) => [String(row), fault, later ?? ""]),
)}
`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const claims = readClaims();
  writeFileSync(`${root}docs/RELIABILITY.md`, toDocument(claims));
  for (const fault of findFaults(claims)) console.error(fault);
}
