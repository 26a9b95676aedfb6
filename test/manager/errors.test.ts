/** The founding document's error sections, each provoked by a fault rule of the sandbox, and what a program sees of them. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { GuestSessionManager, type NodeCredentialsConfig } from "../../src/manager/node.ts";
import { shows, textsOf, useSandbox } from "./support.ts";

const GUESTS = { kind: "http", method: "POST", path: "/api/v2/guests" };
const PROFILE = { kind: "http", method: "PUT", path: "/api/v2/guests/*" };

const sandbox = useSandbox();
let manager: GuestSessionManager;
let lines: { event: string; fields: Record<string, unknown> }[];

const create = (more: Partial<NodeCredentialsConfig> = {}) => {
  lines = [];
  const log: NodeCredentialsConfig["log"] = (_level, event, fields) => lines.push({ event, fields });
  manager = new GuestSessionManager(sandbox.config({ log, ...more }));
  return manager;
};
const begin = async (more?: Partial<NodeCredentialsConfig>) => {
  await create(more).initialize();
  manager.connectWebSocket();
  await shows(manager, () => manager.state.phase === "live");
};
const logged = (event: string) => lines.filter((line) => line.event === event).map(({ fields }) => fields);

const cleanUp = async () => {
  await sandbox.mend();
  await manager.terminate();
};

describe("401 or 403 when the guest is created", () => {
  afterEach(cleanUp);

  test("a token that Genesys has forgotten is fetched anew, and nobody notices", async () => {
    const { totals } = await sandbox.state();
    await sandbox.fault(GUESTS, { status: 401 }, 1);
    await create().initialize();
    const after = await sandbox.state();
    assert.equal(after.totals.guestsCreated, totals.guestsCreated + 1);
    assert.equal(after.totals.tokensIssued, totals.tokensIssued + 2);
  });

  test("a client without the scope is refused after one more try; the log names the scope, the error does not", async () => {
    const { totals } = await sandbox.state();
    await sandbox.fault(GUESTS, { status: 403 });
    await assert.rejects(create().initialize(), (error: Error & { code: string; detail: string }) => {
      assert.equal(error.code, "CHAT_UNAVAILABLE");
      assert.match(error.detail, /^502 upstream_unauthorized/);
      assert.doesNotMatch(error.message, /guest:create/);
      return true;
    });
    assert.match(String(logged("upstream_unauthorized")[0]?.scope), /^guest:create\b/);
    assert.equal((await sandbox.state()).totals.tokensIssued, totals.tokensIssued + 2);
    assert.throws(() => manager.connectWebSocket(), { code: "CHAT_NO_SESSION" });
  });

  test("a wrong secret is told as such in the log", async () => {
    await assert.rejects(create({ clientSecret: "wrong" }).initialize(), { code: "CHAT_UNAVAILABLE" });
    assert.equal(logged("upstream_unauthorized").length, 1);
  });
});

describe("429", () => {
  afterEach(cleanUp);

  test("is waited out for as long as Genesys asks", async () => {
    await sandbox.fault(GUESTS, { status: 429, headers: { "Retry-After": "1" } }, 1);
    const began = performance.now();
    await create().initialize();
    assert.ok(performance.now() - began >= 1000);
    assert.deepEqual(logged("upstream_rate_limited")[0]?.retryAfter, 1);
  });

  test("that asks for more than a guest waits is told at once, and no call is made until then", async () => {
    const { totals } = await sandbox.state();
    await sandbox.fault(GUESTS, { status: 429, headers: { "Retry-After": "60" } }, 1);
    const refused = { code: "CHAT_UNAVAILABLE", message: /429 upstream_rate_limited/ };
    await assert.rejects(create().initialize(), refused);
    await assert.rejects(manager.initialize(), refused);
    assert.equal(logged("upstream_rate_limited").length, 1, "Genesys was asked once");
    assert.equal((await sandbox.state()).totals.guestsCreated, totals.guestsCreated);
  });
});

describe("1006", () => {
  afterEach(cleanUp);

  test("the line is cut under a text: it is kept, sent once on the next connection, and answered", async () => {
    await begin();
    await sandbox.fault({ kind: "frame", direction: "in", action: "message" }, { closeCode: 1006 }, 1);
    await manager.sendMessage("where is my order");
    await shows(manager, () => textsOf(manager).some((text) => text?.startsWith("Orders leave our warehouse")));
    const messages = (await sandbox.state()).sessions.at(-1)?.messages ?? [];
    assert.equal(messages.filter(({ text }) => text === "where is my order").length, 1);
    const { logs } = await manager.getMetrics();
    assert.equal(logs.filter(({ event }) => event === "ws_connected").length, 2);
  });

  test("a guest token that Genesys refuses is refreshed, and the conversation goes on", async () => {
    await create().initialize();
    const { guestsCreated } = (await sandbox.state()).totals;
    await sandbox.fault(
      { kind: "frame", direction: "out", action: "handshake_ack" },
      { replace: { type: "error", payload: { code: "token_expired", message: "expired" } } },
      1,
    );
    manager.connectWebSocket();
    await shows(manager, () => manager.state.phase === "live");
    assert.equal((await sandbox.state()).totals.guestsCreated, guestsCreated + 1);
    const { logs } = await manager.getMetrics();
    assert.ok(logs.some(({ event }) => event === "token_refreshed"));
  });
});

describe("400 or 404 when a profile is synced", () => {
  afterEach(cleanUp);

  const PROVIDER = "https://login.example/tenant";
  const sync = () => manager.syncExternalProfile(PROVIDER, "guest@mail.example");
  const puts = async () => (await sandbox.log()).filter(({ method }) => method === "PUT").length;

  for (const [what, fault] of [
    ["404", { status: 404 }],
    ["400 for an unknown guest", { status: 400, body: { message: "There is no such guest", code: "guest.not.found" } }],
  ] as const) {
    test(`${what}: the session is refreshed, and one more try writes the profile`, async () => {
      await begin();
      const { guestsCreated } = (await sandbox.state()).totals;
      await sandbox.fault(PROFILE, fault, 1);
      const profile = await sync();
      assert.equal(profile.providerId, PROVIDER);
      const { sessions, totals } = await sandbox.state();
      assert.equal(totals.guestsCreated, guestsCreated + 1);
      assert.equal(sessions.at(-1)?.attributes.external_provider_id, PROVIDER);
      assert.equal(sessions.at(-1)?.attributes.external_email, "guest@mail.example");
      await shows(manager, () => manager.state.phase === "live");
    });
  }

  test("a guest that stays unknown is told after that one try", async () => {
    await begin();
    const before = await puts();
    await sandbox.fault(PROFILE, { status: 404 });
    await assert.rejects(sync(), { name: "ChatError" });
    assert.equal((await puts()) - before, 2);
  });

  test("over 10 KB is refused before Genesys is asked, with the size and the largest named", async () => {
    await begin({ attributes: { basket: "x".repeat(10_050), note: "short" } });
    const before = await puts();
    await assert.rejects(sync(), (error: Error & { code: string; detail: string }) => {
      assert.equal(error.code, "CHAT_ATTRIBUTES_TOO_LARGE");
      assert.match(error.detail, /\d{5} bytes.*basket \(10052 bytes\)/);
      return true;
    });
    assert.equal(await puts(), before);
  });
});

describe("what else cannot be", () => {
  afterEach(cleanUp);

  test("attributes over 10 KB make no guest, and the largest are named", async () => {
    const { guestsCreated } = (await sandbox.state()).totals;
    await assert.rejects(create({ attributes: { basket: "x".repeat(11_000) } }).initialize(), {
      code: "CHAT_ATTRIBUTES_TOO_LARGE",
      message: /basket \(11002 bytes\)/,
    });
    assert.equal((await sandbox.state()).totals.guestsCreated, guestsCreated);
  });

  test("a network that lets HTTP through and no socket is told as such", async () => {
    await create().initialize();
    await sandbox.control("settings", { refuseSockets: true });
    manager.connectWebSocket();
    await shows(manager, () => manager.state.reason?.code === "CHAT_SOCKET_BLOCKED");
    await sandbox.mend();
    await manager.sendMessage("hello");
    await shows(manager, () => textsOf(manager).some((text) => text?.startsWith("Hello! What can I do")));
  });
});
