/** A socket tells of its frames and of one close, whatever comes in whichever order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionFailure } from "../../src/session/protocol.ts";
import { openSocket } from "../../src/session/socket.ts";
import { createFakePlatform } from "../support/fake-platform.ts";

function start({ onFrame = (_: string) => {} } = {}) {
  const platform = createFakePlatform();
  const told: unknown[] = [];
  const socket = openSocket(platform, "ws://genesys.test/socket", {
    opened: () => told.push("opened"),
    frame(text) {
      told.push(text);
      onFrame(text);
    },
    closed: (failure) => told.push(failure instanceof ConnectionFailure ? failure.circumstances : failure),
  });
  return { socket, server: platform.socket, told };
}

test("frames are told in order, and then the close, once", async () => {
  const { server, told } = start();
  await server.open();
  await server.send({ n: 1 });
  await server.send({ n: 2 });
  await server.close(1012, "restart");
  await server.close(1006);
  assert.deepEqual(told, ["opened", '{"n":1}', '{"n":2}', { close: 1012, unopened: false }]);
});

test("a socket that closes before it opened says so: all that a browser tells of a refused upgrade", async () => {
  const { server, told } = start();
  await server.close(1006);
  assert.deepEqual(told, [{ close: 1006, unopened: true }]);
});

test("a socket that a page's policy forbids says so at once: Chromium tells of an error, and of no close", async () => {
  const { server, told } = start();
  server.tell("error", {});
  assert.deepEqual(told, [{ close: 1006, unopened: true }]);
});

test("a close with a code of its own was told by a server, open or not", async () => {
  const { server, told } = start();
  await server.close(4403);
  assert.deepEqual(told, [{ close: 4403, unopened: false }]);
});

test("closing it ourselves is the end at once, without waiting for the other end", async () => {
  const { server, socket, told } = start();
  await server.open();
  socket.close(1000, "Widget disconnect");
  assert.deepEqual(told, ["opened", { close: 1000, unopened: false }]);
  assert.deepEqual(server.closedWith, { code: 1000, reason: "Widget disconnect" });
  server.tell("message", { data: "late" });
  assert.equal(told.length, 2);
});

test("a frame that cannot be taken is the end, for that reason", async () => {
  const fault = new Error("boom");
  const { server, told } = start({
    onFrame: () => {
      throw fault;
    },
  });
  await server.open();
  await server.send({ n: 1 });
  await server.close(1006);
  assert.deepEqual(told, ["opened", '{"n":1}', fault]);
});

test("what is sent after the close goes nowhere and throws nothing", async () => {
  const { server, socket } = start();
  await server.open();
  socket.send('{"type":"ping"}');
  await server.close(1006);
  socket.send('{"type":"ping"}');
  assert.equal(server.sent.length, 1);
});

test("binary frames and errors are absorbed (row 34)", async () => {
  const { server, told } = start();
  await server.open();
  server.tell("message", { data: new ArrayBuffer(8) });
  server.tell("error", {});
  await server.send({ n: 1 });
  assert.deepEqual(told, ["opened", '{"n":1}']);
});

test("a socket that the browser does not even try to open counts as one that never opened", () => {
  const platform = createFakePlatform();
  platform.openSocket = () => {
    throw new DOMException("insecure", "SecurityError");
  };
  const nobody = { opened() {}, frame() {}, closed() {} };
  assert.throws(() => openSocket(platform, "ws://genesys.test", nobody), {
    code: "CHAT_CONNECTION_LOST",
    circumstances: { close: 1006, unopened: true },
  });
});

test("nothing is sent on a socket that the other end is closing: the page's console would tell of each text", async () => {
  const { server, socket } = start();
  await server.open();
  Object.assign(server, { readyState: 2 });
  socket.send('{"type":"ping"}');
  assert.deepEqual(server.sent, []);
});
