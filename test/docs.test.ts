/** What the documents claim is so: paths, commands, codes, attributes, settings and versions are looked up in the code. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { pagePolicy } from "../demo/policy.ts";
import { GenesysGuestChat } from "../src/element/genesys-guest-chat.ts";
import { CLOSE } from "../src/wire/guest-api.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(root + path, "utf8");
const filesIn = (folder: string): string[] => readdirSync(root + folder, { recursive: true, encoding: "utf8" });

const documents = ["README.md", ...filesIn("docs").map((file) => `docs/${file}`)].filter((path) => /\.md$/.test(path));
const readme = read("README.md");
const pkg = JSON.parse(read("package.json")) as Record<
  "scripts" | "bin" | "dependencies" | "devDependencies",
  Record<string, string>
>;

/** What the first group of a pattern finds, each once. */
const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map((match) => match[1] as string))].sort();

/** Those that a text does not have in code marks. There must be some to look for: a pattern that finds nothing is stale. */
function missing(names: string[], text: string): string[] {
  assert.ok(names.length > 0, "nothing was found to look for");
  const codes = [...text.matchAll(/`+([^`]+)`+/g)].map((match) => match[1] as string).join("\n");
  return names.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(codes));
}

describe("every document", () => {
  for (const path of documents) {
    const text = read(path);

    test(`${path} names only files and folders that exist`, () => {
      const named = found(text, /(?<![\w./-])((?:src|test|demo|docs|dist)\/[\w./-]*\w)/g);
      const linked = found(text, /\]\((?!https?:)([^)#]+)/g).map((link) => posix.join(posix.dirname(path), link));
      assert.deepEqual(
        [...named, ...linked].filter((each) => !existsSync(root + each)),
        [],
      );
    });

    test(`${path} names only commands that exist`, () => {
      const scripts = found(text, /\bnpm (?:run )?(start|test|(?<=run )[\w-]+)/g);
      assert.deepEqual(
        scripts.filter((name) => !pkg.scripts[name]),
        [],
      );
      const commands = found(text, /\bnpx ([\w-]+)/g);
      assert.deepEqual(
        commands.filter((name) => !pkg.bin[name]),
        [],
      );
    });

    test(`${path} names only error codes that exist`, () => {
      const known = read("src/chat/advice.ts") + read("src/sign-in/error.ts");
      assert.deepEqual(
        found(text, /\b(CHAT_[A-Z_]*[A-Z])\b/g).filter((code) => !known.includes(`${code}:`)),
        [],
      );
    });
  }
});

describe("the README", () => {
  test("has every attribute and property of the element", () => {
    const names = Object.entries(GenesysGuestChat.properties as Record<string, { attribute?: string | false }>).map(
      ([name, { attribute }]) => attribute || name,
    );
    assert.deepEqual(missing(names, readme), []);
  });

  test("has every event, custom property, part and slot of the element", () => {
    const source = filesIn("src/element")
      .filter((file) => file.endsWith(".ts"))
      .map((file) => read(`src/element/${file}`))
      .join("\n");
    assert.deepEqual(missing(found(source, /super\("(chat-[a-z-]+)"/g), readme), []);
    assert.deepEqual(missing(found(source, /var\((--chat-[a-z-]+)/g), readme), []);
    assert.deepEqual(missing(found(source, /\bpart="([a-z-]+)"/g), readme), []);
    assert.deepEqual(missing(found(source, /<slot name="([a-z-]+)"/g), readme), []);
  });

  test("says of every error code what to do", () => {
    assert.deepEqual(missing(found(read("src/chat/advice.ts"), /^ {2}(CHAT_[A-Z_]+):$/gm), readme), []);
  });

  test("recommends the policy that the demo is tested under", () => {
    const own = ["connect-src", "frame-ancestors", "report-uri"];
    const directives = pagePolicy("wss://genesys.example")
      .split("; ")
      .filter((directive) => !own.some((name) => directive.startsWith(name)));
    const recommended = readme.replace(/\s+/g, " ");
    assert.deepEqual(
      directives.filter((directive) => !recommended.includes(directive)),
      [],
    );
  });

  test("gives a reason for every dependency, at the version that is used", () => {
    const lines = readme.split("\n").filter((line) => line.startsWith("| "));
    for (const [name, version] of Object.entries({ ...pkg.dependencies, ...pkg.devDependencies })) {
      assert.ok(
        lines.some((line) => line.includes(`\`${name}\``) && line.includes(version)),
        `${name} ${version}`,
      );
    }
  });
});

describe("the guides", () => {
  test("docs/broker.md has every setting and every problem code of the broker", () => {
    const guide = read("docs/broker.md");
    assert.deepEqual(missing(found(read("src/broker/settings.ts"), /\bget\("([A-Z_]+)"\)/g), guide), []);
    assert.deepEqual(missing(found(read("src/broker/problem.ts"), /^ {2}([a-z_]+): \[\d/gm), guide), []);
  });

  test("docs/manager.md has every field of the configuration and every method", () => {
    const guide = read("docs/manager.md");
    const sources = ["config", "node"].map((name) => read(`src/manager/${name}.ts`)).join("\n");
    assert.deepEqual(missing(found(sources, /^ {2}(\w+)\??: (?:string|Record|BrokerOptions)/gm), guide), []);
    const methods = found(read("src/manager/session-manager.ts"), /^ {2}(?:get |async )?([a-z]\w+)\(.*\{$/gm);
    assert.deepEqual(
      missing(
        methods.filter((name) => name !== "constructor"),
        guide,
      ),
      [],
    );
  });

  test("docs/sandbox.md has every call of the control and every option of the command", () => {
    const guide = read("docs/sandbox.md");
    const calls = found(read("src/sandbox/control.ts"), /routes\.(?:get|post|delete)\("([^"]+)"/g);
    assert.deepEqual(missing(calls, guide), []);
    const options = found(read("src/sandbox/node.ts"), /^ +"?([a-z-]+)"?: \{ type: "/gm).map((name) => `--${name}`);
    assert.deepEqual(missing(options, guide), []);
  });

  test("docs/guest-api.md has every frame, error and close code of the wire", () => {
    const guide = read("docs/guest-api.md");
    const wire = read("src/wire/guest-api.ts");
    assert.deepEqual(missing(found(wire, /\btype: "([a-z_]+)"/g), guide), []);
    assert.deepEqual(missing(found(wire, /^ {2}\| "([a-z_]+)"/gm), guide), []);
    assert.deepEqual(
      Object.values(CLOSE).filter((code) => !guide.includes(String(code))),
      [],
    );
  });
});
