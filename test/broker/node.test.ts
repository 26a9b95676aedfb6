/** The command `genesys-guest-broker`: its settings, its start and its end. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { readSettings } from "../../src/broker/settings.ts";

const COMMAND = fileURLToPath(new URL("../../src/broker/node.js", import.meta.url));

const ENV = {
  GENESYS_ORG: "acme",
  GENESYS_CLIENT_ID: "client-1",
  GENESYS_CLIENT_SECRET: "canary-secret",
  ROUTES: '{"sales": {"queue": "q", "skill": "s", "language": "en"}}',
  ALLOWED_ORIGINS: "https://shop.example, https://www.shop.example",
  TICKET_SECRETS: `${"canary-a".repeat(4)},${"canary-b".repeat(4)}`,
};

async function run(env: Record<string, string>) {
  const command = spawn(process.execPath, [COMMAND], { env, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  command.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(command, "close") as Promise<[number | null]>;
  return { command, ended, stderr: () => stderr };
}

describe("settings", () => {
  const lineOf = (env: Record<string, string | undefined>): string => {
    const read = readSettings(env);
    if (read.ok) throw new Error("taken");
    return read.line;
  };

  test("are read from the environment, with defaults", () => {
    const read = readSettings(ENV);
    assert(read.ok, read.ok ? "" : read.line);
    const { options, port, host } = read.settings;
    assert.deepEqual([port, host], [8080, "127.0.0.1"]);
    assert.equal(options.baseUrl, "https://acme.mypurecloud.com");
    assert.deepEqual(options.allowedOrigins, ["https://shop.example", "https://www.shop.example"]);
    assert.equal(options.ticketSecrets.length, 2);
    assert.deepEqual([options.ticketDays, options.perMinute, options.guestToken], [7, 200, undefined]);
  });

  test("may name a whole base URL in place of the organisation", () => {
    const read = readSettings({ ...ENV, GENESYS_ORG: undefined, GENESYS_BASE_URL: "https://gateway.example/genesys/" });
    assert(read.ok && read.settings.options.baseUrl === "https://gateway.example/genesys");
  });

  test("that are missing are all named in one line", () => {
    const line = lineOf({});
    for (const name of ["GENESYS_ORG or GENESYS_BASE_URL", ...Object.keys(ENV).slice(1)]) {
      assert(line.includes(`${name}: is missing`), `${name} in ${line}`);
    }
    assert(!line.includes("\n"));
  });

  const wrong: [variable: string, value: string][] = [
    ["GENESYS_ORG", "acme.evil.example/canary"],
    ["GENESYS_BASE_URL", "canary"],
    ["ROUTES", "{canary"],
    ["ROUTES", '{"sales": {"queue": "canary"}}'],
    ["ROUTES", '{"sales": "canary"}'],
    ["ROUTES", "{}"],
    ["ALLOWED_ORIGINS", "https://*.canary.example"],
    ["ALLOWED_ORIGINS", "https://canary.example/path"],
    ["TICKET_SECRETS", "canary"],
    ["TICKET_DAYS", "canary"],
    ["TICKET_DAYS", "0"],
    ["GENESYS_PER_MINUTE", "1.5"],
    ["DELEGATION", "canary"],
    ["GUEST_TOKEN_JWKS_URL", "canary"],
    ["PORT", "70000"],
  ];
  for (const [variable, value] of wrong) {
    test(`${variable}=${value} is named without its value`, () => {
      const line = lineOf({ ...ENV, [variable]: value });
      assert(line.includes(variable), line);
      assert(!line.includes("canary") && !line.includes("\n"), line);
      assert(
        line.split("; ").every((part) => part.includes(variable)),
        line,
      );
    });
  }

  test("of the identity provider go together: neither, or both", () => {
    const provider = { OIDC_ISSUER: "https://login.example/", OIDC_CLIENT_ID: "chat" };
    const read = readSettings({ ...ENV, ...provider, DELEGATION: "client-credentials" });
    assert(read.ok, read.ok ? "" : read.line);
    const { oidc, delegation } = read.settings.options;
    assert.deepEqual(oidc, { issuer: "https://login.example/", clientId: "chat" });
    assert.equal(delegation, "client-credentials");
    const plain = readSettings(ENV);
    assert(plain.ok && plain.settings.options.oidc === undefined);
    assert.equal(plain.settings.options.delegation, "token-exchange");
    assert.equal(lineOf({ ...ENV, OIDC_ISSUER: "https://login.example" }), "OIDC_CLIENT_ID: is missing");
    assert.equal(lineOf({ ...ENV, OIDC_CLIENT_ID: "chat" }), "OIDC_ISSUER: is missing");
    assert.match(lineOf({ ...ENV, ...provider, OIDC_ISSUER: "http://canary.example" }), /^OIDC_ISSUER: expected https/);
  });

  test("that contradict each other are named", () => {
    const line = lineOf({ ...ENV, GUEST_TOKEN_SECRET: "canary", GUEST_TOKEN_JWKS_URL: "https://keys.example/" });
    assert.match(line, /^GUEST_TOKEN_JWKS_URL, GUEST_TOKEN_SECRET: /);
  });
});

describe("the command", () => {
  test("ends with 2 and one line when a setting is missing", async () => {
    const { ended, stderr } = await run({ ...ENV, GENESYS_CLIENT_SECRET: "" });
    const [code] = await ended;
    assert.equal(code, 2);
    assert.equal(stderr(), "genesys-guest-broker: GENESYS_CLIENT_SECRET: is missing\n");
  });

  test("ends with 1 and one line when it cannot listen", async () => {
    const { ended, stderr } = await run({ ...ENV, HOST: "203.0.113.1", PORT: "0" });
    const [code] = await ended;
    assert.equal(code, 1);
    assert.match(stderr(), /^genesys-guest-broker: cannot listen on 203\.0\.113\.1:0: \w+\n$/);
  });

  test("says where it listens, answers /healthz, and ends cleanly on SIGTERM", { timeout: 20_000 }, async () => {
    const { command, ended, stderr } = await run({ ...ENV, PORT: "0" });
    const lines: Record<string, unknown>[] = [];
    const listening = new Promise<string>((resolve) => {
      createInterface(command.stdout).on("line", (line) => {
        const entry = JSON.parse(line) as Record<string, unknown>;
        lines.push(entry);
        if (entry.event === "listening") resolve(String(entry.url));
      });
    });
    try {
      const url = await listening;
      const answer = await fetch(`${url}healthz`);
      assert.equal(answer.status, 200);
      assert.equal(((await answer.json()) as { status: string }).status, "ok");
      const refused = await fetch(`${url}v1/sessions`, { method: "POST", headers: { Origin: "https://evil.example" } });
      assert.equal(refused.status, 403);
    } finally {
      command.kill("SIGTERM");
    }
    assert.deepEqual(await ended, [0, null]);
    assert.equal(stderr(), "");
    assert(lines.some(({ event, origin }) => event === "origin_not_allowed" && origin === "https://evil.example"));
    assert(!JSON.stringify(lines).includes("canary"));
  });
});
