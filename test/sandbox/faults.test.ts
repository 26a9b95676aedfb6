/** The sandbox's fault rules: what they match, what they do to frames, upgrades and calls, and what is no rule. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { socketPath } from "../../src/wire/guest-api.ts";
import { createBench, type FakeGuest, type TestBench, until } from "./support.ts";

type Rule = Record<string, unknown>;

// biome-ignore lint/suspicious/noThenProperty: that is its name in the sandbox's control; nothing awaits it.
const rule = (match: Rule, does: Rule, more: Rule = {}): Rule => ({ match, then: does, ...more });

const set = async (bench: TestBench, ...rules: Rule[]): Promise<Record<string, unknown>[]> => {
  const response = await bench.call("POST", "/sandbox/faults", rules.length === 1 ? rules[0] : rules);
  const answer = (await response.json()) as { faults: Record<string, unknown>[]; message?: string };
  assert.equal(response.status, 201, answer.message);
  return answer.faults;
};

const fired = async (bench: TestBench): Promise<unknown[]> => {
  const { faults } = (await (await bench.call("GET", "/sandbox/faults")).json()) as { faults: { fired: number }[] };
  return faults.map((fault) => fault.fired);
};

const joined = async (bench: TestBench): Promise<FakeGuest> => bench.join(await bench.guest());

const message = (direction: string) => ({ kind: "frame", direction, action: "message" });

describe("a fault rule for frames", () => {
  test("suppresses the echo: the text has arrived, and the guest is not told", async () => {
    const bench = createBench();
    const socket = await joined(bench);
    await set(bench, rule(message("out"), { suppress: true }, { times: 1 }));
    const id = socket.say("hello");
    assert.deepEqual(socket.texts(), []);
    socket.say("hello", id);
    assert.deepEqual(socket.texts(), ["hello"]);
    assert.deepEqual(await fired(bench), [1]);
  });

  test("suppresses what the guest sends: it has never arrived", async () => {
    const bench = createBench();
    const socket = await joined(bench);
    await set(bench, rule(message("in"), { suppress: true }, { times: 1 }));
    socket.say("lost");
    socket.say("kept");
    assert.deepEqual(socket.texts(), ["kept"]);
  });

  test("fires from the nth match on: once, or as often as it says", async () => {
    const bench = createBench();
    const socket = await joined(bench);
    await set(bench, rule({ ...message("in"), nth: 2 }, { suppress: true }));
    for (const text of ["1", "2", "3"]) socket.say(text);
    assert.deepEqual(socket.texts(), ["1", "3"]);
    await bench.call("DELETE", "/sandbox/faults");
    await set(bench, rule({ ...message("in"), nth: 2 }, { suppress: true }, { times: 2 }));
    for (const text of ["4", "5", "6", "7"]) socket.say(text);
    assert.deepEqual(socket.texts(), ["1", "3", "4", "7"]);
  });

  test("delays a frame, and those behind it overtake", async () => {
    const bench = createBench();
    const socket = await joined(bench);
    await set(bench, rule(message("out"), { delayMs: 40_000 }, { times: 1 }));
    socket.say("late");
    socket.say("early");
    assert.deepEqual(socket.texts(), ["early"]);
    bench.clock.move(40_000);
    assert.deepEqual(socket.texts(), ["early", "late"]);
  });

  test("a delayed frame whose socket has closed is gone", async () => {
    const bench = createBench();
    const socket = await joined(bench);
    await set(bench, rule(message("in"), { delayMs: 100 }));
    socket.say("late");
    socket.leave();
    bench.clock.move(100);
    assert.deepEqual(socket.texts(), []);
  });

  test("closes with a code, or cuts the line, and the frame is lost", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    await set(bench, rule(message("in"), { closeCode: 4404 }, { times: 1 }));
    const first = await bench.join(guest);
    first.say("one");
    assert.equal(first.closed, 4404);
    await set(bench, rule(message("out"), { closeCode: 1006 }, { times: 1 }));
    const second = await bench.join(guest);
    assert.deepEqual(second.texts(), []);
    second.say("two");
    assert.equal(second.closed, "cut");
    assert.deepEqual((await bench.join(guest)).texts(), ["two"]);
  });

  test("replaces a frame, and injects one more", async () => {
    const bench = createBench();
    const socket = await joined(bench);
    const payload = { code: "rate_limited", message: "Slowly", retryAfter: 3 };
    await set(
      bench,
      rule(message("in"), { replace: "not JSON" }, { times: 1 }),
      rule(message("in"), { inject: { type: "error", payload } }, { times: 1 }),
    );
    socket.say("garbled");
    assert.equal(socket.of("error")[0]?.code, "invalid_frame");
    socket.say("hello");
    assert.deepEqual(
      socket.frames.slice(-2).map(({ type }) => type),
      ["message", "error"],
    );
    assert.deepEqual(socket.of("error")[1], payload);
  });

  test("a socket that is closed in the middle of its handshake leaves nothing behind", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    await set(bench, rule({ kind: "frame", action: "resumed" }, { closeCode: 1001 }, { times: 1 }));
    const socket = bench.open(guest);
    socket.send({ type: "handshake", token: guest.guestToken });
    await until("handshake_ack", () => socket.of("handshake_ack")[0]);
    socket.send({ type: "resume", payload: { after: null } });
    assert.equal(socket.closed, 1001);
    await bench.call("POST", "/sandbox/agent", { do: "message", text: "hello" });
    assert.deepEqual(socket.texts(), []);
  });
});

describe("a fault rule for upgrades", () => {
  test("refuses with a status, as often as it says", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const url = socketPath(guest.id, guest.sessions[0].id);
    await set(bench, rule({ kind: "upgrade" }, { refuse: 429 }, { times: 2 }));
    assert.deepEqual(bench.sandbox.connect({ url }), { refused: 429 });
    assert.deepEqual(bench.sandbox.connect({ url }), { refused: 429 });
    await bench.join(guest);
  });

  test("asks to answer later", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    await set(bench, rule({ kind: "upgrade", path: "/api/v2/guests/*/ws" }, { delayMs: 50 }));
    const upgrade = bench.sandbox.connect({ url: socketPath(guest.id, guest.sessions[0].id) });
    assert.equal(upgrade.delayMs, 50);
  });
});

describe("a fault rule for HTTP", () => {
  test("answers in the sandbox's place, with status, headers and body", async () => {
    const bench = createBench();
    const does = { status: 429, headers: { "Retry-After": "7" }, body: { code: "slow" } };
    await set(bench, rule({ kind: "http", method: "post", path: "/oauth/token" }, does, { times: 1 }));
    const ask = () => bench.call("POST", "/oauth/token");
    const refused = await ask();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), "7");
    assert.equal(refused.headers.get("content-type"), "application/json");
    assert.deepEqual(await refused.json(), { code: "slow" });
    assert.notEqual((await ask()).status, 429);
  });

  test("on the way out, the call has happened and only its answer is another", async () => {
    const bench = createBench();
    const does = { status: 502, headers: { "Content-Type": "text/html" }, body: "<h1>Bad gateway</h1>" };
    await set(bench, rule({ kind: "http", direction: "out", path: "/api/v2/guests" }, does, { times: 1 }));
    const headers = { authorization: `Bearer ${await bench.token()}` };
    const body = { name: "A", attributes: {}, routing: { queue: { id: "q" }, skill: { id: "s" }, language: "en" } };
    const answer = await bench.call("POST", "/api/v2/guests", body, headers);
    assert.equal(answer.status, 502);
    assert.equal(answer.headers.get("content-type"), "text/html");
    const { totals } = (await (await bench.call("GET", "/sandbox/state")).json()) as {
      totals: { guestsCreated: number };
    };
    assert.equal(totals.guestsCreated, 1);
  });

  test("delays a call", async () => {
    const bench = createBench();
    await set(bench, rule({ kind: "http", path: "/api/v2/*" }, { delayMs: 5000 }));
    let status = 0;
    const answered = bench.call("GET", "/api/v2/guests").then((response) => {
      status = response.status;
    });
    await until("the rule", async () => (await fired(bench))[0] === 1);
    assert.equal(status, 0);
    bench.clock.move(5000);
    await answered;
    assert.equal(status, 405);
  });

  test("answers so that the page may read the status, and leaves its preflight alone", async () => {
    const bench = createBench();
    await set(bench, rule({ kind: "http", path: "/api/v2/webdeployments/*" }, { status: 429 }));
    const path = "/api/v2/webdeployments/token/refresh";
    const headers = { origin: "https://shop.test" };
    assert.equal((await bench.call("OPTIONS", path, undefined, headers)).status, 204);
    const answer = await bench.call("POST", path, { refreshToken: "r" }, headers);
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get("access-control-allow-origin"), "https://shop.test");
    assert.deepEqual(await fired(bench), [1]);
  });

  test("never touches the control", async () => {
    const bench = createBench();
    await set(bench, rule({ kind: "http" }, { status: 500 }));
    assert.equal((await bench.call("GET", "/sandbox/state")).status, 200);
  });
});

describe("/sandbox/faults", () => {
  test("lists the rules with how often each has fired, and takes them away, one or all", async () => {
    const bench = createBench();
    const socket = await joined(bench);
    const [first] = await set(
      bench,
      rule(message("in"), { suppress: true }, { name: "deaf" }),
      rule({ kind: "upgrade" }, { refuse: 503 }),
      rule({ kind: "http" }, { status: 500 }),
    );
    socket.say("hello");
    assert.deepEqual(await fired(bench), [1, 0, 0]);
    assert.equal(first?.name, "deaf");
    assert.equal((await bench.call("DELETE", `/sandbox/faults/${first?.id}`)).status, 200);
    assert.equal((await bench.call("DELETE", `/sandbox/faults/${first?.id}`)).status, 404);
    assert.deepEqual(await (await bench.call("DELETE", "/sandbox/faults")).json(), { removed: 2 });
    assert.deepEqual(await fired(bench), []);
  });

  test("the log tells which rule decided over what", async () => {
    const bench = createBench();
    const socket = await joined(bench);
    await set(bench, rule(message("out"), { suppress: true }, { name: "no echo" }));
    socket.say("hello");
    const lines = (await (await bench.call("GET", "/sandbox/log")).text()).trim().split("\n");
    const { direction, type, fault, lost } = JSON.parse(lines.at(-1) as string);
    assert.deepEqual([direction, type, fault, lost], ["out", "message", "no echo", true]);
  });

  const wrong: [string, unknown, RegExp][] = [
    ["no kind", rule({}, { suppress: true }), /^0\.match\.kind:/],
    ["an unknown kind", rule({ kind: "smoke" }, { suppress: true }), /^0\.match\.kind:.*"smoke"/],
    ["nothing to do", rule({ kind: "frame" }, {}), /Expected at least one of delayMs, closeCode/],
    ["a misspelt word", rule({ kind: "frame" }, { supress: true }), /^0\.then\.supress:/],
    ["a status for a frame", rule({ kind: "frame" }, { status: 500 }), /then\.status: Not for frame/],
    [
      "a method for an upgrade",
      rule({ kind: "upgrade", method: "GET" }, { refuse: 503 }),
      /match\.method: Not for upgrade/,
    ],
    [
      "two fates",
      rule({ kind: "frame" }, { suppress: true, closeCode: 1001 }),
      /one of closeCode, suppress and replace/,
    ],
    ["a code that nobody may send", rule({ kind: "frame" }, { closeCode: 1005 }), /^0\.then\.closeCode:/],
    ["a body without a status", rule({ kind: "http" }, { body: "x" }), /then\.status/],
    ["a body where none may be", rule({ kind: "http" }, { status: 204, body: "x" }), /then\.body/],
    ["times 0", rule({ kind: "frame" }, { suppress: true }, { times: 0 }), /^0\.times:/],
    ["no rule at all", [], /body|length/i],
    ["one wrong of two", [rule({ kind: "http" }, { status: 500 }), 7], /^1:/],
  ];
  for (const [name, body, reason] of wrong) {
    test(`refuses ${name}, with the reason, and sets nothing`, async () => {
      const bench = createBench();
      const response = await bench.call("POST", "/sandbox/faults", body);
      assert.equal(response.status, 400);
      assert.match(((await response.json()) as { message: string }).message, reason);
      assert.deepEqual(await fired(bench), []);
    });
  }
});
