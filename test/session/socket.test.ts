/** A socket as a sequence of frames: nothing is lost at its ends, and it ends by throwing its close. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionFailure } from "../../src/session/protocol.ts";
import { openSocket, type Socket } from "../../src/session/socket.ts";
import { createFakePlatform, settle } from "../support/fake-platform.ts";

function start() {
  const platform = createFakePlatform();
  const socket = openSocket(platform, "ws://genesys.test/socket");
  return { socket, server: platform.socket };
}

const closeOf = async (promise: Promise<unknown>) => {
  const error = await promise.catch((reason: unknown) => reason);
  assert.ok(error instanceof ConnectionFailure, String(error));
  return error.circumstances;
};

/** Reads to the end: the frames, and what it ended by. */
async function drain(socket: Socket) {
  const frames: string[] = [];
  const end = closeOf(
    (async () => {
      for await (const frame of socket) frames.push(frame);
    })(),
  );
  await settle();
  return { frames, end };
}

test("frames arrive in order, whether they came before they were waited for or after", async () => {
  const { server, socket } = start();
  await server.open();
  await socket.opened;
  void server.send({ n: 1 });
  void server.send({ n: 2 });
  const { end, frames } = await drain(socket);
  await server.send({ n: 3 });
  await server.close(1012, "restart");
  assert.deepEqual(await end, { close: 1012, unopened: false });
  assert.deepEqual(frames, ['{"n":1}', '{"n":2}', '{"n":3}']);
});

test("frames that came just before the close are not lost with it", async () => {
  const { server, socket } = start();
  await server.open();
  void server.send({ n: 1 });
  void server.close(1006);
  const { end, frames } = await drain(socket);
  assert.equal((await end).close, 1006);
  assert.deepEqual(frames, ['{"n":1}']);
});

test("a socket that closes before it opened says so: all that a browser tells of a refused upgrade", async () => {
  const { server, socket } = start();
  void server.close(1006);
  assert.deepEqual(await closeOf(socket.opened), { close: 1006, unopened: true });
});

test("a close with a code of its own was told by a server, open or not", async () => {
  const { server, socket } = start();
  void server.close(4403);
  assert.deepEqual(await closeOf(socket.opened), { close: 4403, unopened: false });
});

test("closing it ourselves ends the sequence at once, without waiting for the other end", async () => {
  const { server, socket } = start();
  await server.open();
  const { end } = await drain(socket);
  socket.close(1000, "Widget disconnect");
  assert.equal((await end).close, 1000);
  assert.deepEqual(server.closedWith, { code: 1000, reason: "Widget disconnect" });
});

test("what is sent after the close goes nowhere and throws nothing", async () => {
  const { server, socket } = start();
  await server.open();
  socket.send('{"type":"ping"}');
  await server.close(1006);
  socket.send('{"type":"ping"}');
  assert.equal(server.sent.length, 1);
});

test("binary frames and errors are absorbed", async () => {
  const { server, socket } = start();
  const { tell } = server;
  await server.open();
  tell("message", { data: new ArrayBuffer(8) });
  tell("error", {});
  const { end, frames } = await drain(socket);
  await server.send({ n: 1 });
  await server.close(1000);
  tell("error", {});
  assert.equal((await end).close, 1000, "the first close counts");
  assert.deepEqual(frames, ['{"n":1}']);
});

test("a socket that the browser does not even try to open counts as one that never opened", () => {
  const platform = createFakePlatform();
  platform.openSocket = () => {
    throw new DOMException("insecure", "SecurityError");
  };
  assert.throws(() => openSocket(platform, "ws://genesys.test"), {
    code: "CHAT_CONNECTION_LOST",
    circumstances: { close: 1006, unopened: true },
  });
});
