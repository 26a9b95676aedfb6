/** The floors hold: nothing imports upward or sideways, and no file does what its floor forbids. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkFloors, importsOf, type Sources } from "./support/floors.ts";

const src = fileURLToPath(new URL("../../src/", import.meta.url));

const readSources = (): Sources =>
  new Map(
    readdirSync(src, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".ts"))
      .map((path) => [path, readFileSync(src + path, "utf8")]),
  );

test("every import in src goes down, and every file keeps the rules of its floor", () => {
  const sources = readSources();
  assert.ok(sources.size > 10, "no sources were read");
  assert.deepEqual(checkFloors(sources), []);
});

describe("the check itself bites", () => {
  const house = {
    "wire/frames.ts": "/** Frames. */\nexport type Frame = { type: string };\n",
    "chat/state.ts": "/** State. */\nexport const idle = 1;\n",
    "session/session.ts": '/** The loop. */\nimport { idle } from "../chat/state.ts";\nexport const start = idle;\n',
    "protocols/a/a.ts":
      '/** A dialect. */\nimport type { Frame } from "../../wire/frames.ts";\nexport type A = Frame;\n',
    "protocols/b/b.ts": "/** Another. */\nexport const b = 1;\n",
    "hub/client.ts": "/** A tab's end. */\nexport const client = 1;\n",
    "element/chat.ts":
      '/** The element. */\nimport { client } from "../hub/client.ts";\ndocument.title = String(client);\n',
    "broker/broker.ts": "/** The broker. */\nexport const broker = 1;\n",
    "broker/node.ts": '#!/usr/bin/env node\n/** The command. */\nimport "node:process";\nimport "ws";\n',
    "loader/loader.ts": "/** The tag. */\nvoid import(new URL('x', document.baseURI).href);\n",
  };
  const check = (changed: Record<string, string>): string[] =>
    checkFloors(new Map(Object.entries({ ...house, ...changed })));

  test("a house in order is left in peace", () => {
    assert.deepEqual(check({}), []);
  });

  const wrong: [name: string, path: string, text: string, said: RegExp][] = [
    [
      "an import upward",
      "chat/x.ts",
      '/** X. */\nimport "../session/session.ts";',
      /may not import session\/session\.ts/,
    ],
    [
      "a type upward",
      "wire/x.ts",
      '/** X. */\nimport type { A } from "../chat/state.ts";',
      /may not import chat\/state\.ts/,
    ],
    [
      "a dynamic import upward",
      "hub/x.ts",
      '/** X. */\nimport("../element/chat.ts");',
      /may not import element\/chat\.ts/,
    ],
    [
      "an import in a type",
      "session/x.ts",
      '/** X. */\ntype A = import("../hub/client.ts").A;',
      /may not import hub\/client/,
    ],
    [
      "a re-export sideways",
      "broker/x.ts",
      '/** X. */\nexport * from "../session/session.ts";',
      /may not import session/,
    ],
    [
      "the element past the hub",
      "element/x.ts",
      '/** X. */\nimport "../session/session.ts";',
      /may not import session/,
    ],
    [
      "one dialect in another",
      "protocols/b/x.ts",
      '/** X. */\nimport "../a/a.ts";',
      /may not import protocols\/a\/a\.ts/,
    ],
    [
      "anything in the loader",
      "loader/x.ts",
      '/** X. */\nimport "../wire/frames.ts";',
      /may not import wire\/frames\.ts/,
    ],
    ["a package in the vocabulary", "chat/x.ts", '/** X. */\nimport "lit";', /may not import lit/],
    ["Node outside of node.ts", "sandbox/x.ts", '/** X. */\nimport "node:fs";', /only a node\.ts may/],
    ["a package of Node's outside of node.ts", "broker/x.ts", '/** X. */\nimport "ws";', /only a node\.ts may/],
    ["the document in a worker's file", "session/x.ts", "/** X. */\nexport const t = document.title;", /uses document/],
    ["the window in a worker's file", "hub/x.ts", "/** X. */\nexport const w = typeof window;", /uses window/],
    ["a way for markup", "element/x.ts", "/** X. */\nconst a = {} as Element; a.innerHTML = '';", /has innerHTML/],
    ["evaluated text", "element/x.ts", "/** X. */\neval('1');", /has eval/],
    ["a file without a first sentence", "hub/x.ts", "export const x = 1;", /does not open with a sentence/],
    ["a file too long", "hub/x.ts", `/** X. */${"\n".repeat(301)}`, /more than 300 lines/],
    ["a file that is not there", "hub/x.ts", '/** X. */\nimport "./gone.ts";', /not in src/],
  ];
  for (const [name, path, text, said] of wrong) {
    test(`${name} is found`, () => {
      const found = check({ [path]: text });
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] as string, said);
    });
  }

  test("two files that import each other are found", () => {
    const found = check({ "hub/x.ts": '/** X. */\nimport "./y.ts";', "hub/y.ts": '/** Y. */\nimport "./x.ts";' });
    assert.match(found.join("\n"), /hub\/x\.ts -> hub\/y\.ts -> hub\/x\.ts/);
  });

  test("what is said in a comment or a text is no violation", () => {
    const text =
      '/** Not innerHTML, no `import "node:fs"`. */\n// document is the page\nexport const x = "https://window";';
    assert.deepEqual(check({ "hub/x.ts": text }), []);
    assert.deepEqual(importsOf('/* import "a" */ import "b";\nexport { c } from \'c\';'), ["b", "c"]);
  });
});
