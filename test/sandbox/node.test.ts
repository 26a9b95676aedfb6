/** The sandbox on Node: over real HTTP and WebSockets, and as a command. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { type RunningSandbox, serveSandbox } from "../../src/sandbox/node.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { type ServerFrame, socketPath } from "../../src/wire/guest-api.ts";
import { type CreatedGuest, ROUTING, until } from "./support.ts";

describe("the sandbox over real sockets", () => {
  let running: RunningSandbox;
  before(async () => {
    running = await serveSandbox(createSandbox({ botDelayMs: 0 }));
  });
  after(() => running.close());

  const call = (path: string, init?: RequestInit) => fetch(new URL(path, running.url), init);
  const json = (body: object, headers: Record<string, string> = {}) => ({
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

  async function createGuest(): Promise<CreatedGuest> {
    const form = { grant_type: "client_credentials", client_id: "sandbox", client_secret: "sandbox-secret" };
    const answer = await call("/oauth/token", { method: "POST", body: new URLSearchParams(form) });
    const { access_token } = (await answer.json()) as { access_token: string };
    const body = { name: "Web Guest", attributes: {}, routing: ROUTING };
    const response = await call("/api/v2/guests", json(body, { authorization: `Bearer ${access_token}` }));
    return (await response.json()) as CreatedGuest;
  }

  function open(guest: CreatedGuest) {
    const url = new URL(socketPath(guest.id, guest.sessions[0].id), running.url.replace("http", "ws"));
    const socket = new WebSocket(url, { origin: "https://shop.test" });
    const frames: ServerFrame[] = [];
    socket.on("message", (data) => frames.push(JSON.parse(data.toString()) as ServerFrame));
    const closed = once(socket, "close").then(([code]) => code as number);
    const send = (frame: object) => socket.send(JSON.stringify(frame));
    const has = (type: string, text = "") =>
      until(`${type} ${text}`, () =>
        frames.some((frame) => frame.type === type && JSON.stringify(frame).includes(text)),
      );
    return { socket, closed, send, has };
  }

  async function join(guest: CreatedGuest) {
    const client = open(guest);
    await once(client.socket, "open");
    client.send({ type: "handshake", token: guest.guestToken });
    await client.has("handshake_ack");
    client.send({ type: "resume", payload: { after: null } });
    await client.has("resumed");
    return client;
  }

  test("a text goes up, its echo and the bot's answer come down", async () => {
    const client = await join(await createGuest());
    await client.has("message", "Welcome");
    const id = crypto.randomUUID();
    client.send({ type: "message", payload: { id, text: "hello" } });
    await client.has("message", id);
    await client.has("message", "Hello!");
    const state = (await (await call("/sandbox/state")).json()) as { connections: { origin: string }[] };
    assert.deepEqual(
      state.connections.map(({ origin }) => origin),
      ["https://shop.test"],
    );
    client.socket.close();
    assert.equal(await client.closed, 1005);
  });

  test("an abnormal close is seen as 1006, another by its code", async () => {
    const guest = await createGuest();
    const cut = await join(guest);
    await call("/sandbox/sockets/close", json({ abnormal: true }));
    assert.equal(await cut.closed, 1006);
    const coded = await join(guest);
    await call("/sandbox/sockets/close", json({ code: 4429 }));
    assert.equal(await coded.closed, 4429);
  });

  test("a binary frame is refused, the conversation's end is 1000", async () => {
    const client = await join(await createGuest());
    client.socket.send(Buffer.from('{"type":"ping","payload":{"at":1}}'));
    await client.has("error", "not a text frame");
    await call("/sandbox/agent", json({ do: "leave" }));
    await client.has("presence", "ended");
    assert.equal(await client.closed, 1000);
  });

  test("refused upgrades are answered with an HTTP status", async () => {
    const status = async (url: URL) => {
      const socket = new WebSocket(url);
      socket.on("error", () => {});
      const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
      socket.terminate();
      return response.statusCode;
    };
    const base = running.url.replace("http", "ws");
    assert.equal(await status(new URL("/elsewhere", base)), 404);
    await call("/sandbox/settings", json({ refuseSockets: true }));
    assert.equal(await status(new URL(socketPath("1", "2"), base)), 503);
    await call("/sandbox/settings", json({ refuseSockets: false }));
  });

  test("a fault rule keeps an upgrade waiting, and who gives up meanwhile leaves nothing behind", async () => {
    // biome-ignore lint/suspicious/noThenProperty: that is its name in the sandbox's control; nothing awaits it.
    const rule = { match: { kind: "upgrade" }, then: { delayMs: 200 } };
    await call("/sandbox/faults", json(rule));
    const guest = await createGuest();
    const path = socketPath(guest.id, guest.sessions[0].id);
    const impatient = new WebSocket(new URL(path, running.url.replace("http", "ws")));
    // What ws tells of a socket that is ended before it has opened.
    impatient.on("error", () => {});
    const patient = open(guest);
    const asked = performance.now();
    impatient.terminate();
    await once(patient.socket, "open");
    assert.ok(performance.now() - asked >= 190);
    await call("/sandbox/faults", { method: "DELETE" });
    patient.socket.close();
    assert.equal(await patient.closed, 1005);
    const state = (await (await call("/sandbox/state")).json()) as { connections: unknown[] };
    assert.deepEqual(state.connections, []);
  });

  test("events come as they happen, and a reader that leaves is forgotten", async () => {
    const leave = new AbortController();
    const { body } = await call("/sandbox/events", { signal: leave.signal });
    let text = "";
    const decoder = new TextDecoder();
    const reading = (async () => {
      for await (const chunk of body as ReadableStream<Uint8Array>) text += decoder.decode(chunk, { stream: true });
    })().catch(() => undefined);
    await until("the whole", () => text.includes("event: state"));
    const { id } = await createGuest();
    await until("the new guest", () => text.includes("event: change") && text.includes(id));
    leave.abort();
    await reading;
    assert.equal((await createGuest()).sessions.length, 1);
  });

  test("a call is taken without a body, and with one whose length is not told beforehand", async () => {
    const removed = await call("/sandbox/faults", { method: "DELETE" });
    assert.deepEqual(await removed.json(), { removed: 0 });
    const body = new Blob(['{"refuseSockets":false}']).stream();
    const headers = { "content-type": "application/json" };
    const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" };
    assert.equal((await call("/sandbox/settings", init)).status, 200);
  });

  test("ends with open event streams", async () => {
    const other = await serveSandbox(createSandbox());
    const { body } = await fetch(new URL("/sandbox/events", other.url));
    const reading = new Response(body).text().catch(() => "cut");
    await other.close();
    assert.match(await reading, /event: state|cut/);
  });

  test("ends with open sockets, which see 1001", async () => {
    const other = await serveSandbox(createSandbox());
    const socket = new WebSocket(new URL(socketPath("1", "2"), other.url.replace("http", "ws")));
    const closed = once(socket, "close");
    await once(socket, "open");
    await other.close();
    assert.equal((await closed)[0], 1001);
  });
});

describe("genesys-guest-sandbox, the command", () => {
  const command = fileURLToPath(new URL("../../src/sandbox/node.js", import.meta.url));

  function run(...args: string[]): { child: ChildProcess; output: () => string; exit: Promise<number | null> } {
    const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data: Buffer) => (output += data));
    return { child, output: () => output, exit: once(child, "close").then(([code]) => code as number | null) };
  }

  test("prints one line with its address, answers there, and ends cleanly on SIGTERM", async (t) => {
    const { child, output, exit } = run("--port", "0");
    t.after(() => child.kill("SIGKILL"));
    const line = await until("its address", () =>
      /^genesys-guest-sandbox (http:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(output()),
    );
    assert.equal((await fetch(`${line[1]}sandbox/state`)).status, 200);
    child.kill("SIGTERM");
    assert.equal(await exit, 0);
    assert.equal(output().split("\n").length, 2);
  });

  test("serves the deployment of a file that it is told of", async (t) => {
    const file = join(await mkdtemp(join(tmpdir(), "sandbox-")), "deployment.json");
    t.after(() => rm(dirname(file), { recursive: true }));
    await writeFile(file, JSON.stringify({ id: "my-own", primaryColor: "#123456", limits: { textBytes: 100 } }));
    const { child, output, exit } = run("--port", "0", "--deployment", file);
    t.after(() => child.kill("SIGKILL"));
    const [, url] = await until("its address", () => /^genesys-guest-sandbox (http:.+)\n$/.exec(output()));
    const config = await fetch(`${url}webdeployments/v1/deployments/my-own/config.json`);
    const { messenger } = (await config.json()) as { messenger: { styles: object } };
    assert.deepEqual(messenger.styles, { primaryColor: "#123456" });
    child.kill("SIGTERM");
    assert.equal(await exit, 0);

    await writeFile(file, JSON.stringify({ id: "my-own", limits: { textByte: 100 } }));
    const wrong = run("--deployment", file);
    assert.equal(await wrong.exit, 2);
    assert.match(wrong.output(), /^genesys-guest-sandbox: --deployment .+: deployment\.limits\.textByte: .+\n$/);
  });

  const refusals: [string, string[], RegExp][] = [
    ["a deployment's file that is not there", ["--deployment", "no-such.json"], /--deployment no-such\.json: ENOENT/],
    ["to be opened to others", ["--host", "0.0.0.0"], /--i-know/],
    ["a port that is none", ["--port", "http"], /--port must be from 0 to 65535/],
    ["what it does not know", ["--colour", "red"], /--colour.*Usage/],
  ];
  for (const [what, args, reason] of refusals) {
    test(`refuses ${what}, in one line, with status 2`, async () => {
      const { output, exit } = run(...args);
      assert.equal(await exit, 2);
      assert.match(output(), reason);
      assert.equal(output().split("\n").length, 2, output());
    });
  }

  test("says so when the port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const { output, exit } = run("--port", String(port));
    assert.equal(await exit, 1);
    assert.match(output(), /cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/);
    server.close();
  });
});
