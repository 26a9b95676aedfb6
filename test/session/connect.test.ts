/** connect(): authorize, open, handshake, and how each of them may fail. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HandlerEvent } from "../../src/chat/event.ts";
import { connect, type Live } from "../../src/session/connect.ts";
import { ConnectionFailure, type Credentials, type Protocol } from "../../src/session/protocol.ts";
import { createFakePlatform, settle } from "../support/fake-platform.ts";

const CREDENTIALS: Credentials = { url: "ws://genesys.test/socket", secrets: {} };

/** A dialect of one word each way: what the server sends is the event. */
const dialect: Protocol = {
  closeCodes: {},
  findExcess: () => null,
  authorize: async () => CREDENTIALS,
  openErrands: () => Promise.reject(new Error("none")),
  createHandler: ({ send, emit, after }) => ({
    handshake: () => send(JSON.stringify({ type: "hello", payload: { after } })),
    perform: async (command) => send(JSON.stringify(command)),
    probe: () => send(JSON.stringify({ type: "ping" })),
    receive(text) {
      const event = JSON.parse(text);
      if (event.type !== "noise") emit(event);
    },
  }),
};

const LIVE = { type: "live", features: [] };

async function start({ authorize = async () => CREDENTIALS } = {}) {
  const platform = createFakePlatform();
  const events: HandlerEvent[] = [];
  const stop = new AbortController();
  const outcome = connect({
    protocol: dialect,
    platform,
    authorize,
    after: () => "m7",
    serverNow: () => 0,
    emit: (event) => void events.push(event),
    signal: stop.signal,
  });
  outcome.catch(() => {});
  await settle();
  const goLive = async (): Promise<Live> => {
    await platform.socket.open();
    await platform.socket.send(LIVE);
    return outcome;
  };
  return { events, goLive, outcome, platform, stop };
}

async function failureOf(promise: Promise<unknown>): Promise<ConnectionFailure> {
  const error = await promise.then(
    () => "no failure",
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConnectionFailure, String(error));
  return error;
}

test("it resolves at the first live, having told where to go on", async () => {
  const { events, outcome, platform } = await start();
  let live: Live | undefined;
  void outcome.then((connection) => {
    live = connection;
  });
  await platform.socket.open();
  assert.deepEqual(platform.socket.sent, [{ type: "hello", payload: { after: "m7" } }]);
  await platform.socket.send({ type: "received", message: {} });
  assert.equal(live, undefined);
  await platform.socket.send(LIVE);
  assert.ok(live);
  assert.deepEqual(
    events.map(({ type }) => type),
    ["received", "live"],
  );
});

for (const [stage, reach] of [
  ["authorize", () => {}],
  ["open", () => {}],
  ["handshake", (platform: ReturnType<typeof createFakePlatform>) => platform.socket.open()],
] as const) {
  test(`no answer to ${stage} for 10 s is given up, and says so`, async () => {
    const authorize = stage === "authorize" ? () => new Promise<never>(() => {}) : undefined;
    const { outcome, platform } = await start({ authorize });
    await reach(platform);
    await platform.pass(10_000);
    const { circumstances, detail } = await failureOf(outcome);
    assert.match(detail ?? "", new RegExp(stage));
    assert.equal(circumstances.unopened, stage === "open");
    assert.equal(platform.timers, 0);
    if (stage !== "authorize") assert.equal(platform.socket.closedWith?.code, 1000);
  });
}

test("a broker that refuses is told as it is, and no socket is opened", async () => {
  const refusal = new ConnectionFailure("CHAT_NOT_ALLOWED", "403", { status: 403 });
  const { outcome, platform } = await start({ authorize: () => Promise.reject(refusal) });
  assert.equal(await failureOf(outcome), refusal);
  assert.equal(platform.sockets.length, 0);
  assert.equal(platform.timers, 0);
});

test("a close during the handshake is the failure", async () => {
  const { outcome, platform } = await start();
  await platform.socket.open();
  await platform.socket.close(4401);
  assert.equal((await failureOf(outcome)).circumstances.close, 4401);
  assert.equal(platform.timers, 0);
});

test("who gives up in between leaves nothing behind", async () => {
  const { outcome, platform, stop } = await start();
  await platform.socket.open();
  stop.abort(new Error("stopped"));
  await assert.rejects(outcome, { message: "stopped" });
  await settle();
  assert.ok(platform.socket.closedWith);
  assert.equal(platform.timers, 0);
});

test("a connection that closes tells its code, and its timers end with it", async () => {
  const { goLive, platform } = await start();
  const live = await goLive();
  await platform.socket.close(1012, "restart");
  assert.equal((await failureOf(live.closed)).circumstances.close, 1012);
  assert.equal(platform.timers, 0);
});

test("a dialect that has lost its connection says what to do, and hears no more", async () => {
  const { events, goLive, platform } = await start();
  const live = await goLive();
  await platform.socket.send({ type: "lost", decision: { do: "refresh", times: 1 }, retryAfter: 5 });
  const { circumstances } = await failureOf(live.closed);
  assert.deepEqual(circumstances, { decision: { do: "refresh", times: 1 }, retryAfter: 5 });
  assert.ok(platform.socket.closedWith);
  await platform.socket.send({ type: "readonly", sentAt: 1 });
  assert.equal(events.at(-1)?.type, "live");
});

test("a link that does not answer a look is left after 10 s", async () => {
  const { goLive, platform } = await start();
  const live = await goLive();
  live.check();
  assert.equal(platform.socket.sent.at(-1)?.type, "ping");
  await platform.pass(10_000);
  assert.equal((await failureOf(live.closed)).circumstances.close, 1006);
});

test("a link that answers a look stays, by whatever frame", async () => {
  const { goLive, platform } = await start();
  const live = await goLive();
  live.check();
  await platform.socket.send({ type: "noise" });
  await platform.pass(20_000);
  assert.equal(platform.socket.closedWith, null);
});

test("frames that wait when a connection is left change nothing and set no timer", async () => {
  const { events, goLive, platform } = await start();
  const live = await goLive();
  for (let i = 0; i < 50; i += 1) void platform.socket.send({ type: "typing", on: true });
  const before = events.length;
  live.close("refreshed");
  await failureOf(live.closed);
  await settle();
  assert.equal(events.length, before);
  assert.deepEqual(platform.socket.closedWith, { code: 1000, reason: "refreshed" });
  assert.equal(platform.timers, 0);
});
