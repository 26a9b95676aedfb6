/** Who is let onto a guest socket, and how everybody else is sent away. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SignJWT } from "jose";
import { createBench, until } from "./support.ts";

describe("the sandbox's handshake", () => {
  test("is acknowledged with the limits and the times of the server's clock", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const socket = await bench.join(guest);
    assert.deepEqual(socket.frames[0], {
      type: "handshake_ack",
      payload: {
        guestId: guest.id,
        sessionId: guest.sessions[0].id,
        now: bench.clock.now(),
        expiresAt: bench.clock.now() + 3_600_000,
        limits: { textBytes: 4096, attributesBytes: 10_240, messagesPerMinute: 120 },
      },
    });
  });

  test("that does not come within 10 s closes the socket with 4408", async () => {
    const bench = createBench();
    const socket = bench.open(await bench.guest());
    bench.clock.move(9_999);
    assert.equal(socket.closed, undefined);
    bench.clock.move(1);
    assert.equal(socket.closed, 4408);
  });

  test("must be the first frame: anything else is refused with 4403", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    for (const text of ['{"type":"ping","payload":{"at":1}}', "not JSON", '{"type":"handshake"}', null]) {
      const socket = bench.open(guest);
      socket.raw(text);
      assert.equal(socket.of("error")[0]?.code, "invalid_frame");
      assert.equal(socket.closed, 4403);
    }
  });

  test("must be answered before anything else is sent", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const socket = bench.open(guest);
    socket.send({ type: "handshake", token: guest.guestToken });
    socket.send({ type: "resume", payload: { after: null } });
    assert.match(socket.of("error")[0]?.message ?? "", /resume before handshake_ack/);
    assert.equal(socket.closed, 4403);
  });

  const secret = "a secret of at least 256 bits, which this is";
  const sign = (claims: Record<string, unknown>, key = secret) =>
    new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(key));
  const soon = Date.UTC(2026, 10, 22) / 1000 + 600;
  const claims = { iat: 1, exp: soon, routing_hints: { queue: "q" }, attributes: {} };
  const refusals: [string, (sub: string) => Promise<string>, string][] = [
    [
      "signed by somebody else",
      (sub) => sign({ ...claims, sub }, "some other secret of 256 bits or more"),
      "invalid_token",
    ],
    ["of another guest", () => sign({ ...claims, sub: "someone-else" }), "invalid_token"],
    ["without routing hints", (sub) => sign({ ...claims, sub, routing_hints: {} }), "invalid_token"],
    ["that is no JWT", async () => "abc", "invalid_token"],
    ["that has expired", (sub) => sign({ ...claims, sub, exp: soon - 601 }), "token_expired"],
  ];
  for (const [what, make, code] of refusals) {
    test(`refuses a token ${what} with ${code} and 4401`, async () => {
      const bench = createBench({ guestTokenSecret: secret });
      const guest = await bench.guest();
      const socket = bench.open(guest);
      socket.send({ type: "handshake", token: await make(guest.id) });
      await until("a close", () => socket.closed);
      assert.equal(socket.of("error")[0]?.code, code);
      assert.equal(socket.closed, 4401);
    });
  }

  test("for a session that is unknown ends with session_not_found and 4404", async () => {
    const bench = createBench();
    const [guest, other] = [await bench.guest(), await bench.guest()];
    for (const session of ["nothing", other.sessions[0].id]) {
      const socket = bench.open(guest, session);
      socket.send({ type: "handshake", token: guest.guestToken });
      await until("a close", () => socket.closed);
      assert.equal(socket.of("error")[0]?.code, "session_not_found");
      assert.equal(socket.closed, 4404);
    }
  });

  test("a token that expires while connected closes the socket with 4401", async () => {
    const bench = createBench({ guestTokenSeconds: 20 });
    const socket = await bench.join(await bench.guest());
    bench.clock.move(19_999);
    assert.equal(socket.closed, undefined);
    bench.clock.move(1);
    assert.equal(socket.of("error")[0]?.code, "token_expired");
    assert.equal(socket.closed, 4401);
  });
});
