/** A manager in Node beyond the example: what comes before and after a session, another broker, and what Genesys is told. */
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { afterEach, describe, type TestContext, test } from "node:test";
import { createAdaptorServer } from "@hono/node-server";
import { createBroker } from "../../src/broker/broker.ts";
import { GuestSessionManager, type NodeCredentialsConfig } from "../../src/manager/node.ts";
import { CREDENTIALS, shows, textsOf, useSandbox } from "./support.ts";

const sandbox = useSandbox();
const open: GuestSessionManager[] = [];

const create = (more?: Partial<NodeCredentialsConfig>) => {
  const manager = new GuestSessionManager(sandbox.config(more));
  open.push(manager);
  return manager;
};

/** Of a broker that takes programs. */
const BROKER = {
  ...CREDENTIALS,
  routes: {
    sales: { queue: "queue-sales", skill: "skill-travel", language: "en-US" },
    service: { queue: "queue-service", skill: "skill-returns", language: "en-US", name: "Caller" },
  },
  allowedOrigins: ["https://shop.example"],
  allowNoOrigin: true,
  ticketSecrets: ["only-for-tests-and-at-least-32-characters"],
};

async function listen(t: TestContext, answer: (request: Request) => Promise<Response>): Promise<string> {
  const server = createAdaptorServer({ fetch: answer });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const cleanUp = async () => {
  await Promise.all(open.splice(0).map((manager) => manager.terminate()));
};

describe("before initialize()", () => {
  afterEach(cleanUp);

  test("there is no session to connect, talk or sync with", async () => {
    const manager = create();
    assert.throws(() => manager.connectWebSocket(), { code: "CHAT_NO_SESSION" });
    await assert.rejects(manager.sendMessage("hi"), { code: "CHAT_NO_SESSION" });
    await assert.rejects(manager.syncExternalProfile("https://login.example", "a@b.example"), {
      code: "CHAT_NO_SESSION",
    });
  });

  test("state, messages and metrics are those of nothing, and nothing is fetched", async () => {
    const { totals } = await sandbox.state();
    const manager = create();
    assert.equal(manager.state.phase, "idle");
    assert.deepEqual(manager.messages, []);
    assert.deepEqual(await manager.getMetrics(), {
      duration_ms: 0,
      connected_ms: 0,
      visible_ms: 0,
      logs: [],
      dropped: 0,
    });
    assert.deepEqual((await sandbox.state()).totals, totals);
  });
});

describe("what Genesys is told of the guest", () => {
  afterEach(cleanUp);

  test("name, language, browser and attributes are the program's, the source is not", async () => {
    const attributes = { cart: 3, source: "canary" };
    await create({ name: "Ada", locale: "de-CH", userAgent: "Kiosk/2", attributes }).initialize();
    const guest = (await sandbox.state()).sessions.at(-1);
    assert.equal(guest?.name, "Ada");
    assert.deepEqual(guest.attributes, { cart: 3, source: "custom_widget", locale: "de-CH", user_agent: "Kiosk/2" });
    assert.equal(guest.routing.language, "en-US");
  });

  test("a language of Genesys' own routes all the same", async () => {
    await create({ routingLanguage: "English - Written" }).initialize();
    const guest = (await sandbox.state()).sessions.at(-1);
    assert.equal(guest?.routing.language, "English - Written");
    assert.match(String(guest.attributes.locale), /^[a-z]{2,3}\b/);
  });
});

describe("a program that listens", () => {
  afterEach(cleanUp);

  test("is told of every change, until it no longer listens", async () => {
    const manager = create();
    const phases = new Set<string>();
    const unlisten = manager.subscribe((state) => phases.add(state.phase));
    await manager.initialize();
    manager.connectWebSocket();
    await shows(manager, () => manager.state.phase === "live");
    assert.ok(phases.has("connecting") && phases.has("live"));
    unlisten();
    phases.clear();
    await manager.sendMessage("hello");
    await shows(manager, () => textsOf(manager).some((text) => text?.startsWith("Hello!")));
    assert.equal(phases.size, 0);
  });

  test("gets copies that it cannot change, the same until there is news", async () => {
    const manager = create();
    await manager.initialize();
    assert.ok(Object.isFrozen(manager.state) && Object.isFrozen(manager.messages));
    assert.equal(manager.state, manager.state);
    assert.equal(manager.messages, manager.messages);
  });
});

describe("terminate()", () => {
  afterEach(cleanUp);

  test("gives the session back, and may be called twice; initialize() begins another", async () => {
    const calls: unknown[] = [];
    const manager = create({ log: (_level, event, fields) => event === "answered" && calls.push(fields) });
    await manager.initialize();
    await Promise.all([manager.terminate(), manager.terminate()]);
    await manager.terminate();
    const ends = calls.filter((fields) => (fields as { call: string }).call === "DELETE /v1/sessions");
    assert.deepEqual(
      ends.map((fields) => (fields as { status: number }).status),
      [204],
    );
    assert.throws(() => manager.connectWebSocket(), { code: "CHAT_NO_SESSION" });
    const { guestsCreated } = (await sandbox.state()).totals;
    await manager.initialize();
    assert.equal((await sandbox.state()).totals.guestsCreated, guestsCreated + 1);
    const { logs } = await manager.getMetrics();
    assert.deepEqual(
      logs.map(({ event }) => event),
      ["session_started"],
    );
  });

  test("that Genesys or the broker hears nothing of is over all the same, and says so", async (t) => {
    const broker = createBroker({ ...BROKER, baseUrl: sandbox.url });
    let isDown = false;
    const url = await listen(t, async (request) => (isDown ? new Response(null, { status: 503 }) : broker(request)));
    const manager = new GuestSessionManager({ broker: url });
    await manager.initialize();
    isDown = true;
    await assert.rejects(manager.terminate(), { code: "CHAT_UNAVAILABLE" });
    assert.equal(manager.state.phase, "ended");
    const { logs } = await manager.getMetrics();
    assert.equal(logs[0]?.event, "session_started");
  });

  test("of a manager that was never initialised ends nothing", async () => {
    const { totals } = await sandbox.state();
    const manager = create();
    await manager.terminate();
    assert.equal(manager.state.phase, "ended");
    assert.deepEqual((await sandbox.state()).totals, totals);
  });
});

describe("a session", () => {
  afterEach(cleanUp);

  test("is one, however often it is initialised", async () => {
    const manager = create();
    const { guestsCreated } = (await sandbox.state()).totals;
    await Promise.all([manager.initialize(), manager.initialize()]);
    await manager.initialize();
    assert.equal((await sandbox.state()).totals.guestsCreated, guestsCreated + 1);
  });

  test("may come from a broker elsewhere: the program names a route and holds no secret", async (t) => {
    const url = await listen(t, createBroker({ ...BROKER, baseUrl: sandbox.url }));
    const manager = new GuestSessionManager({ broker: url, route: "service", locale: "de" });
    open.push(manager);
    await manager.initialize();
    const guest = (await sandbox.state()).sessions.at(-1);
    assert.equal(guest?.name, "Caller");
    assert.equal(guest.routing.queue, "queue-service");
    assert.equal(guest.attributes.locale, "de");
    assert.match(String(guest.attributes.user_agent), /^Node\.js\/\d+$/);
    await assert.rejects(manager.syncExternalProfile("https://login.example", "a@b.example"), {
      code: "CHAT_UNSUPPORTED",
    });
    manager.connectWebSocket();
    await shows(manager, () => manager.state.phase === "live");
  });
});
