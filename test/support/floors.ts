/** The rules of the house, as a check over sources: who may import whom, and what no file may do. */
import { posix } from "node:path";

/** By path below src/, with forward slashes. */
export type Sources = Map<string, string>;

/** What a floor may import of ours: a folder, or one file. A floor may always import itself, a protocol only its own folder. */
const FLOORS: Record<string, readonly string[]> = {
  wire: [],
  chat: [],
  session: ["chat"],
  protocols: ["session", "chat", "wire"],
  hub: ["session", "protocols", "chat"],
  element: ["hub", "chat"],
  manager: ["hub", "chat", "session/platform.ts"],
  "manager/node.ts": ["broker/broker.ts"],
  broker: ["wire"],
  sandbox: ["wire"],
  loader: [],
  "sign-in": [],
  "index.ts": ["element", "hub", "chat"],
  "define.ts": ["element"],
};

/** Carries one string and imports nothing: any floor with a version to tell may have it. */
const VERSION = "version.ts";

/** Below all floors: checks of plain values, for every boundary. */
const SHAPE = "shape.ts";

/** Floors that import no package either. */
const BARE = ["wire", "chat", "loader", "sign-in", VERSION, SHAPE];

/** Packages that need Node: only for files called node.ts. */
const NODE_PACKAGES = ["@hono/node-server", "ioredis", "pino", "prom-client", "rate-limiter-flexible", "ws"];

/** Where there is a document. */
const PAGE = ["element/", "loader/", "sign-in/", "hub/hosts/"];

const MAX_LINES = 300;
const HTML_PATHS =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|setHTMLUnsafe)\b|\beval\s*\(|\bnew Function\b|\bdocument\.write/;

/** Every violation, as `path: what`; none when the house is in order. */
export function checkFloors(sources: Sources): string[] {
  const found = [...sources].flatMap(([path, text]) => checkFile(path, text, sources));
  return [...found, ...findCycles(sources)];
}

function checkFile(path: string, text: string, sources: Sources): string[] {
  const found: string[] = [];
  const say = (what: string) => found.push(`${path}: ${what}`);
  const code = withoutComments(text);
  const isNode = posix.basename(path) === "node.ts";

  if (!/^(#!.*\n)?\/\*\*/.test(text)) say("does not open with a sentence that says what it is");
  if (text.split("\n").length - 1 > MAX_LINES) say(`has more than ${MAX_LINES} lines`);
  const html = HTML_PATHS.exec(code);
  if (html) say(`has ${html[0]}`);
  const page = /(?<![.\w$])(document|window)\b(?!\s*:)/.exec(withoutTexts(code));
  if (page && !PAGE.some((folder) => path.startsWith(folder))) say(`uses ${page[1]}`);

  for (const name of importsOf(text)) {
    if (name.startsWith(".")) {
      const target = posix.join(posix.dirname(path), name);
      if (!sources.has(target)) say(`imports ${name}, which is not in src`);
      else if (!mayImport(path, target)) say(`may not import ${target}`);
    } else if (BARE.includes(floorOf(path))) say(`may not import ${name}: its floor imports nothing`);
    else if (!isNode && (name.startsWith("node:") || NODE_PACKAGES.some((known) => isOf(known, name))))
      say(`may not import ${name}: only a node.ts may`);
  }
  return found;
}

const isOf = (known: string, name: string): boolean => name === known || name.startsWith(`${known}/`);
const floorOf = (path: string): string => path.split("/")[0] as string;
/** One dialect may not know another. */
const roomOf = (path: string): string =>
  path
    .split("/")
    .slice(0, floorOf(path) === "protocols" ? 2 : 1)
    .join("/");

function mayImport(from: string, to: string): boolean {
  if (to === VERSION) return !BARE.includes(floorOf(from));
  if (to === SHAPE) return from !== VERSION && floorOf(from) !== "loader";
  if (from.includes("/") && roomOf(from) === roomOf(to)) return true;
  return [...(FLOORS[floorOf(from)] ?? []), ...(FLOORS[from] ?? [])].some((allowed) => isOf(allowed, to));
}

/** Static, for side effects, re-exported, dynamic and in types. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const found = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\1/g);
  return [...new Set([...found].map((match) => match[2] as string))];
}

function findCycles(sources: Sources): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) {
      found.push(`${path}: imports itself, by ${[...trail.slice(trail.indexOf(path)), path].join(" -> ")}`);
      return;
    }
    if (done.has(path)) return;
    for (const name of importsOf(sources.get(path) ?? "")) {
      if (name.startsWith(".")) visit(posix.join(posix.dirname(path), name), [...trail, path]);
    }
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return found;
}

/** A // within a text or an address is none: only one at the start of a line or after a blank counts. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");

const withoutTexts = (code: string): string =>
  code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
