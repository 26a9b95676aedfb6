/** The guest socket once hands are shaken: messages, replay, limits, the end. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createBench, until } from "./support.ts";

describe("the sandbox's guest socket", () => {
  test("echoes a message with the client's id to every socket of the conversation", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const [one, two] = [await bench.join(guest), await bench.join(guest)];
    const id = one.say("Where is my lamp?");
    const [echo] = one.of("message");
    assert.equal(echo?.clientId, id);
    assert.equal(echo?.from, "guest");
    assert.equal(echo?.text, "Where is my lamp?");
    assert.equal(echo?.sentAt, new Date(bench.clock.now()).toISOString());
    assert.deepEqual(two.of("message"), [echo]);
  });

  test("answers a repeated client id with its first echo, to the asker only, and never makes a second message", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const [one, two] = [await bench.join(guest), await bench.join(guest)];
    const id = one.say("once");
    one.say("twice?", id);
    const echoes = one.of("message");
    assert.equal(echoes.length, 2);
    assert.deepEqual(echoes[0], echoes[1]);
    assert.equal(two.of("message").length, 1);
  });

  test("replays what is newer than the message asked for, oldest first", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const first = await bench.join(guest);
    for (const text of ["a", "b", "c"]) first.say(text);
    const a = first.of("message")[0]?.id as string;
    const again = await bench.join(guest, a);
    assert.deepEqual(again.texts(), ["b", "c"]);
    assert.deepEqual(again.of("resumed"), [{ after: a, count: 2 }]);
    assert.equal(again.frames.at(-1)?.type, "resumed");
  });

  test("replays everything and says so when the message asked for is unknown", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    (await bench.join(guest)).say("a");
    const again = await bench.join(guest, "never-heard-of");
    assert.deepEqual(again.texts(), ["a"]);
    assert.deepEqual(again.of("resumed"), [{ after: null, count: 1 }]);
  });

  test("carries transcript and client ids over continued_from, and delivers on both sockets with the same ids", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const old = await bench.join(guest);
    const id = old.say("before");
    const next = await bench.guest({ continued_from: guest.id });
    assert.notEqual(next.sessions[0].id, guest.sessions[0].id);
    const fresh = await bench.join(next);
    assert.deepEqual(fresh.of("message"), old.of("message"));
    fresh.say("before", id);
    assert.equal(fresh.of("message")[1]?.id, old.of("message")[0]?.id);
    old.say("on the old one");
    fresh.say("on the new one");
    assert.deepEqual(old.texts(), ["before", "on the old one", "on the new one"]);
    assert.deepEqual(fresh.of("message").slice(2), old.of("message").slice(1));
  });

  test("begins anew when the guest continued from is unknown, as after a restart of the sandbox", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest({ continued_from: "of-another-life" }));
    assert.deepEqual(socket.of("resumed"), [{ after: null, count: 0 }]);
  });

  test("returns a ping as a pong, and tells nobody that the guest himself types", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    socket.send({ type: "ping", payload: { at: 17 } });
    socket.send({ type: "typing", payload: { on: true } });
    assert.deepEqual(socket.of("pong"), [{ at: 17 }]);
    assert.equal(socket.of("typing").length, 0);
    assert.equal(socket.of("error").length, 0);
  });

  test("terminate ends the conversation for all its sockets, with presence ended and 1000", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const [one, two] = [await bench.join(guest), await bench.join(guest)];
    one.send({ type: "terminate", payload: {} });
    for (const socket of [one, two]) {
      assert.deepEqual(socket.of("presence"), [{ event: "ended" }]);
      assert.equal(socket.closed, 1000);
    }
  });

  test("an ended conversation is replayed, then told to be ended, then closed with 1000", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const first = await bench.join(guest);
    first.say("last words");
    first.send({ type: "terminate", payload: {} });
    const again = await bench.join(guest);
    assert.deepEqual(
      again.frames.map(({ type }) => type),
      ["handshake_ack", "message", "resumed", "presence"],
    );
    assert.equal(again.closed, 1000);
  });

  test("a message after the end is refused, but one that was accepted before it is still answered", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const first = await bench.join(guest);
    const known = first.say("in time");
    first.send({ type: "terminate", payload: {} });
    const late = bench.open(guest);
    late.send({ type: "handshake", token: guest.guestToken });
    await until("handshake_ack", () => late.of("handshake_ack")[0]);
    const id = late.say("too late");
    assert.equal(late.of("error")[0]?.code, "conversation_ended");
    assert.equal(late.of("error")[0]?.inReplyTo, id);
    late.say("in time", known);
    assert.equal(late.of("message")[0]?.clientId, known);
  });

  test("refuses a text over 4,096 bytes, counted in UTF-8", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    socket.say("ä".repeat(2048));
    const id = socket.say("ä".repeat(2049));
    assert.equal(socket.of("message").length, 1);
    assert.equal(socket.of("error")[0]?.code, "message_too_long");
    assert.equal(socket.of("error")[0]?.inReplyTo, id);
  });

  test("refuses messages over the rate with retryAfter, over reconnects too, and takes them again later", async () => {
    const bench = createBench({ limits: { messagesPerMinute: 2 } });
    const guest = await bench.guest();
    const first = await bench.join(guest);
    const known = first.say("a");
    first.say("b");
    first.leave();
    const socket = await bench.join(guest, first.of("message")[1]?.id);
    const id = socket.say("c");
    assert.deepEqual(
      socket.of("error").map(({ code, retryAfter, inReplyTo }) => ({ code, retryAfter, inReplyTo })),
      [{ code: "rate_limited", retryAfter: 60, inReplyTo: id }],
    );
    socket.say("a", known);
    assert.equal(socket.of("error").length, 1, "a repeat costs nothing");
    bench.clock.move(60_000);
    socket.say("c", id);
    assert.equal(socket.texts().at(-1), "c");
  });

  test("names what is wrong with a frame and stays open", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    const wrong: [string | null, RegExp][] = [
      [null, /not a text frame/],
      ["{", /not JSON/],
      ['{"type":"dance","payload":{}}', /unknown type/],
      ['{"type":"typing","payload":{"on":"yes"}}', /typing\.on/],
      ['{"type":"message","payload":{"id":"1","text":"x"}}', /message\.id: not a UUID/],
      [JSON.stringify({ type: "message", payload: { id: crypto.randomUUID(), text: " " } }), /message\.text: empty/],
      ['{"type":"resume","payload":{"after":null}}', /a second one/],
      ['{"type":"handshake","token":"x"}', /a second one/],
    ];
    for (const [text, reason] of wrong) {
      socket.raw(text);
      assert.equal(socket.of("error").at(-1)?.code, "invalid_frame");
      assert.match(socket.of("error").at(-1)?.message ?? "", reason);
    }
    assert.equal(socket.closed, undefined);
    socket.say("still here");
    assert.deepEqual(socket.texts(), ["still here"]);
  });

  test("wants resume before anything but a ping", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const socket = bench.open(guest);
    socket.send({ type: "handshake", token: guest.guestToken });
    await until("handshake_ack", () => socket.of("handshake_ack")[0]);
    socket.send({ type: "ping", payload: { at: 1 } });
    socket.send({ type: "terminate", payload: {} });
    const id = socket.say("too early");
    assert.equal(socket.of("pong").length, 1);
    assert.deepEqual(
      socket.of("error").map(({ message, inReplyTo }) => [message, inReplyTo]),
      [
        ["terminate before resume", undefined],
        ["message before resume", id],
      ],
    );
  });

  test("closes with 4429 when more than 20 frames in a minute are wrong", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    for (let n = 0; n < 20; n += 1) socket.raw("{");
    bench.clock.move(60_000);
    for (let n = 0; n < 20; n += 1) socket.raw("{");
    assert.equal(socket.closed, undefined);
    socket.raw("{");
    assert.equal(socket.closed, 4429);
  });

  test("closes with 1001 when the sandbox closes, and opens no more", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const socket = await bench.join(guest);
    bench.sandbox.close();
    assert.equal(socket.closed, 1001);
    assert.deepEqual(bench.sandbox.connect({ url: "/api/v2/guests/1/sessions/2/ws" }), { refused: 503 });
  });
});
