/** What the package promises is there: every export and command, by name, and nothing that was not meant. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { VERSION } from "../src/version.ts";
import { lazyImports, readDist, withImports } from "./support/dist.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(root + path, "utf8");

/** A path, or one for each condition. */
type Target = string | { [condition: string]: Target };

interface Package {
  version: string;
  exports: Record<string, Target>;
  bin: Record<string, string>;
  files: string[];
}
const pkg = JSON.parse(read("package.json")) as Package;

/** By the name that a user imports: the wall of `exports` is part of what is tested. */
const namesOf = async (path: string): Promise<string[]> => Object.keys(await import(path)).sort();

const pathsOf = (target: Target): string[] =>
  typeof target === "string" ? [target] : Object.values(target).flatMap(pathsOf);

test("every file that the package exports is built", () => {
  for (const [name, target] of Object.entries(pkg.exports)) {
    for (const path of pathsOf(target)) assert.ok(existsSync(root + path), `${name}: ${path}`);
  }
});

test("every command is built, can be run and names its interpreter", () => {
  for (const [name, path] of Object.entries(pkg.bin)) {
    assert.match(read(path), /^#!\/usr\/bin\/env node\n/, name);
    assert.ok(statSync(root + path).mode & 0o100, `${name}: ${path} cannot be executed`);
  }
});

test("the front door gives these names, in Node too, and registers nothing", async () => {
  assert.deepEqual(await namesOf("genesys-guest-chat"), [
    "ChatCloseEvent",
    "ChatDegradedEvent",
    "ChatError",
    "ChatErrorEvent",
    "ChatMessageEvent",
    "ChatOpenEvent",
    "ChatPhaseEvent",
    "ChatSignInEvent",
    "ChatUnreadEvent",
    "GenesysGuestChat",
  ]);
  assert.equal(globalThis.customElements?.get("genesys-guest-chat"), undefined);
});

test("define registers the element and gives no name", async () => {
  assert.match(read("dist/define.js"), /customElements\.define\(["']genesys-guest-chat["']/);
  assert.doesNotMatch(read("dist/define.js"), /\bexport\b/);
});

test("the broker and the sandbox are one function each", async () => {
  assert.deepEqual(await namesOf("genesys-guest-chat/broker"), ["createBroker"]);
  assert.deepEqual(await namesOf("genesys-guest-chat/sandbox"), ["createSandbox"]);
});

test("the manager is one class and its error, in Node as in a page; a page's has neither Node, Lit nor the broker in it", async () => {
  const names = ["ChatError", "GuestSessionManager"];
  assert.deepEqual(await namesOf("genesys-guest-chat/manager"), names);
  assert.deepEqual(await namesOf("../../dist/manager.js"), names);
  const files = new Set(withImports("manager.js"));
  for (const file of files) for (const lazy of lazyImports(file)) for (const one of withImports(lazy)) files.add(one);
  for (const file of files) assert.doesNotMatch(readDist(file), /lit\$|LitElement|from *"(?!\.)|\/oauth\/token/, file);
});

test("signing in is one function and its error, and imports nothing; its callback page has its own strict policy", async () => {
  assert.deepEqual(await namesOf("genesys-guest-chat/sign-in"), ["SignInError", "signIn"]);
  for (const file of ["sign-in.js", "callback.js"]) assert.deepEqual(withImports(file), [file]);
  const page = readDist("callback.html");
  assert.match(page, /content="default-src 'none'; script-src 'self'; base-uri 'none';/);
  assert.match(page, /require-trusted-types-for 'script'; trusted-types 'none'"/);
  assert.match(page, /<script type="module" src="\.\/callback\.js"><\/script>/);
  assert.doesNotMatch(page, /<style|style=|<script>/);
});

test("what is not exported cannot be imported", async () => {
  await assert.rejects(import(`genesys-guest-chat/${"dist/define.js"}`), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
});

test("the version is the same wherever it is written", () => {
  assert.equal(VERSION, pkg.version);
  assert.match(read("CHANGELOG.md"), new RegExp(`^##.*\\b${VERSION.replaceAll(".", "\\.")}\\b`, "m"));
});
