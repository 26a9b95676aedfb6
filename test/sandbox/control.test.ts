/** The sandbox's control: what it shows, what it does, and whom it does not obey. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LogEntry } from "../../src/sandbox/log.ts";
import { demoDeployment } from "../../src/sandbox/web-messaging/demo-deployment.ts";
import { socketPath } from "../../src/wire/guest-api.ts";
import { BASE, createBench } from "./support.ts";

describe("GET /sandbox/state", () => {
  test("shows connections, sessions and totals", async () => {
    const bench = createBench();
    const guest = await bench.guest({ source: "test" });
    const socket = await bench.join(guest);
    const clientId = socket.say("hello");
    const { id: messageId } = socket.of("message")[0] as { id: string };
    const at = bench.clock.now();
    const state = (await (await bench.call("GET", "/sandbox/state")).json()) as { connections: { id: string }[] };
    const session = guest.sessions[0].id;
    assert.deepEqual(state, {
      connections: [
        {
          id: state.connections[0]?.id,
          protocol: "guest-api",
          session,
          origin: "https://shop.test",
          openedAt: new Date(bench.clock.now()).toISOString(),
        },
      ],
      sessions: [
        {
          id: session,
          protocol: "guest-api",
          conversation: session,
          messages: [{ id: messageId, clientId, from: "guest", text: "hello", sentAt: at }],
          readOnly: false,
          name: "Web Guest",
          attributes: { source: "test" },
          routing: { queue: "q1", skill: "s1", language: "en" },
          agents: [],
          stage: "waiting",
          guestHere: true,
          guestTyping: false,
          typing: [],
          unread: 1,
          waitingSince: at,
          startedAt: at,
          lastActivityAt: at,
        },
      ],
      deployments: [{ id: demoDeployment.id }],
      totals: { connectionsOpened: 1, framesIn: 3, framesOut: 3, guestsCreated: 1, tokensIssued: 1 },
    });
  });

  test("forgets a connection as soon as it has closed", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    socket.leave();
    socket.leave();
    const state = (await (await bench.call("GET", "/sandbox/state")).json()) as { connections: unknown[] };
    assert.deepEqual(state.connections, []);
  });
});

describe("POST /sandbox/agent", () => {
  test("an agent joins with his first sign, types, answers, and leaves", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    const agent = (body: object) => bench.call("POST", "/sandbox/agent", body);
    await agent({ do: "typing" });
    await agent({ do: "message", text: "How can I help?" });
    await agent({ do: "typing", on: false });
    assert.equal((await agent({ do: "leave" })).status, 200);
    const name = "Mira Koch";
    assert.deepEqual(
      socket.frames.slice(2).map(({ type, payload }) => ({ type, ...payload, id: "", sentAt: "" })),
      [
        { type: "presence", event: "joined", name },
        { type: "typing", on: true, name },
        { type: "typing", on: false, name },
        { type: "message", from: "agent", name, text: "How can I help?" },
        { type: "typing", on: false, name },
        { type: "presence", event: "left", name },
        { type: "presence", event: "ended" },
      ].map((frame) => ({ ...frame, id: "", sentAt: "" })),
    );
    assert.equal(socket.closed, 1000);
    assert.equal((await agent({ do: "message", text: "Still there?" })).status, 409);
  });

  test("speaks in the newest session, or in the one that is named, by the name that is given", async () => {
    const bench = createBench();
    const [older, newer] = [await bench.guest(), await bench.guest()];
    const [one, two] = [await bench.join(older), await bench.join(newer)];
    await bench.call("POST", "/sandbox/agent", { do: "message", text: "newest", name: "Ada" });
    await bench.call("POST", "/sandbox/agent", { do: "message", text: "named", session: older.sessions[0].id });
    assert.deepEqual(one.texts(), ["named"]);
    assert.deepEqual(two.texts(), ["newest"]);
    assert.equal(two.of("message")[0]?.name, "Ada");
    await bench.call("POST", "/sandbox/agent", { do: "leave" });
    assert.deepEqual(two.of("presence").slice(1), [{ event: "left", name: "Ada" }, { event: "ended" }]);
  });

  test("quick replies go with the text, and the guest's choice is a message", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    const quickReplies = [{ text: "Yes", payload: "yes" }];
    await bench.call("POST", "/sandbox/agent", { do: "quickReplies", text: "Sure?", quickReplies });
    assert.deepEqual(socket.of("message")[0]?.quickReplies, quickReplies);
    socket.send({ type: "message", payload: { id: crypto.randomUUID(), text: "Yes", quickReply: { payload: "yes" } } });
    assert.equal(socket.texts()[1], "Yes");
  });
});

describe("an agent of a guest-api conversation", () => {
  test("is told that there are no cards, and the guest sees nothing", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    const frames = socket.frames.length;
    const response = await bench.call("POST", "/sandbox/agent", { do: "card", card: { title: "x" } });
    assert.equal(response.status, 400);
    assert.match(((await response.json()) as { message: string }).message, /guest API has no such message/);
    assert.equal(socket.frames.length, frames);
  });
});

describe("the sandbox's knobs", () => {
  test("guestTokenSeconds holds for the tokens made from then on", async () => {
    const bench = createBench();
    const response = await bench.call("POST", "/sandbox/settings", { guestTokenSeconds: 20 });
    assert.deepEqual(await response.json(), { guestTokenSeconds: 20, refuseSockets: false });
    const socket = await bench.join(await bench.guest());
    assert.equal(socket.of("handshake_ack")[0]?.expiresAt, bench.clock.now() + 20_000);
  });

  test("refuseSockets answers upgrades with 503 while HTTP goes on, like a firewall", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const url = BASE + socketPath(guest.id, guest.sessions[0].id);
    await bench.call("POST", "/sandbox/settings", { refuseSockets: true });
    assert.deepEqual(bench.sandbox.connect({ url }), { refused: 503 });
    await bench.call("POST", "/sandbox/settings", { refuseSockets: false });
    await bench.join(guest);
    assert.deepEqual(bench.sandbox.connect({ url: "/elsewhere" }), { refused: 404 });
  });

  test("all sockets can be closed with a code, or cut", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const close = async (body: object) => (await bench.call("POST", "/sandbox/sockets/close", body)).json();
    const sockets = [await bench.join(guest), await bench.join(guest)];
    assert.deepEqual(await close({ code: 4404 }), { closed: 2 });
    assert.deepEqual(
      sockets.map(({ closed }) => closed),
      [4404, 4404],
    );
    const cut = await bench.join(guest);
    assert.deepEqual(await close({ abnormal: true }), { closed: 1 });
    assert.equal(cut.closed, "cut");
    const plain = await bench.join(guest);
    await close({});
    assert.equal(plain.closed, 1001);
  });

  const refusals: [string, unknown, number, RegExp][] = [
    ["/sandbox/agent", { do: "dance" }, 400, /^do:/],
    ["/sandbox/agent", { do: "message" }, 400, /^text:/],
    ["/sandbox/agent", { do: "card", title: "x" }, 400, /^card:/],
    ["/sandbox/agent", { do: "message", text: "x", session: "nothing" }, 404, /session/],
    ["/sandbox/agent", { do: "leave" }, 404, /session/],
    ["/sandbox/settings", { guestTokenSeconds: 0 }, 400, /^guestTokenSeconds:/],
    ["/sandbox/settings", { colour: "red" }, 400, /^colour:/],
    ["/sandbox/settings", "{", 400, /not JSON/],
    ["/sandbox/sockets/close", { code: 1006 }, 400, /^code:/],
    ["/sandbox/sockets/close", { code: 1000, abnormal: true }, 400, /code or abnormal/],
  ];
  for (const [path, body, status, message] of refusals) {
    test(`refuse ${JSON.stringify(body)} at ${path} and say why`, async () => {
      const response = await createBench().call("POST", path, body);
      assert.equal(response.status, status);
      assert.match(((await response.json()) as { message: string }).message, message);
    });
  }

  test("are not for pages of other hosts", async () => {
    const bench = createBench();
    const from = async (origin: string) => (await bench.call("GET", "/sandbox/state", undefined, { origin })).status;
    assert.equal(await from(BASE), 200);
    assert.equal(await from("http://evil.test"), 403);
    assert.equal(await from("http://sandbox.test:81"), 403);
    assert.equal(await from("null"), 403);
  });
});

describe("GET /sandbox/log", () => {
  test("tells what crossed, in order, and never a token or a secret", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const socket = await bench.join(guest);
    socket.say(`my token is ${guest.guestToken}`);
    socket.raw(`{"type":"handshake","token":"${guest.guestToken}"`);
    const response = await bench.call("GET", "/sandbox/log");
    assert.equal(response.headers.get("content-type"), "application/x-ndjson");
    const text = await response.text();
    for (const secret of ["sandbox-secret", guest.guestToken, guest.guestToken.split(".")[2] as string]) {
      assert.ok(!text.includes(secret));
    }
    const entries = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as LogEntry);
    assert.deepEqual(
      entries.map(({ direction, kind, type, method, path, status }) =>
        [direction, kind, type ?? method, kind === "http" ? path : undefined, status].filter(Boolean).join(" "),
      ),
      [
        "in http POST /oauth/token 200",
        "in http POST /api/v2/guests 201",
        "in upgrade 101",
        "in frame handshake",
        "out frame handshake_ack",
        "in frame resume",
        "out frame resumed",
        "in frame message",
        "out frame message",
        "in frame",
        "out frame error",
      ],
    );
    assert.equal(entries[3]?.session, guest.sessions[0].id);
    assert.equal(entries[2]?.origin, "https://shop.test");
    assert.deepEqual(entries[3]?.frame, { type: "handshake", token: "***" });
  });
});
