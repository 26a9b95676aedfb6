/** Otto the bot: when he speaks, what he says, and when he is silent. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toAnswer } from "../../src/sandbox/bot.ts";
import type { QuickReply } from "../../src/wire/guest-api.ts";
import { createBench, type FakeGuest } from "./support.ts";

const choose = (socket: FakeGuest, reply: QuickReply | undefined) =>
  socket.send({
    type: "message",
    payload: { id: crypto.randomUUID(), text: reply?.text, quickReply: { payload: reply?.payload } },
  });

const withBot = { bot: true, botDelayMs: 600 };

describe("Otto the bot", () => {
  test("greets once, on the first connection of a conversation, and is seen typing before", async () => {
    const bench = createBench(withBot);
    const guest = await bench.guest();
    const first = await bench.join(guest);
    assert.deepEqual(first.of("typing"), [{ on: true, name: "Otto" }]);
    bench.clock.move(600);
    assert.deepEqual(first.of("typing").at(-1), { on: false, name: "Otto" });
    assert.match(first.texts()[0] ?? "", /^Welcome to Fernweh/);
    assert.equal(first.of("message")[0]?.from, "bot");
    assert.equal(first.of("message")[0]?.name, "Otto");
    await bench.join(guest);
    bench.clock.move(600);
    assert.equal(first.texts().length, 1);
  });

  test("answers each text after a pause, in order", async () => {
    const bench = createBench(withBot);
    const socket = await bench.join(await bench.guest());
    bench.clock.move(600);
    socket.say("hello");
    bench.clock.move(300);
    socket.say("When do you open?");
    bench.clock.move(300);
    assert.match(socket.texts().at(-1) ?? "", /Hello/);
    assert.deepEqual(socket.of("typing").at(-1), { on: true, name: "Otto" });
    bench.clock.move(300);
    assert.match(socket.texts().at(-1) ?? "", /opening hours/);
    assert.deepEqual(socket.of("typing").at(-1), { on: false, name: "Otto" });
  });

  test("gives the same text the same answer, and questions go before greetings", () => {
    const expected: [string, RegExp][] = [
      ["hello", /Hello/],
      ["Hi, where is my order?", /warehouse/],
      ["I want a refund for my order", /Returns are free/],
      ["opening hours?", /Monday/],
      ["Do you sell lamps", /Polaris/],
      ["which backpack", /Nomad/],
      ["thanks", /welcome/],
      ["zzz", /have not understood/],
    ];
    for (const [text, answer] of expected) {
      assert.match(toAnswer(text), answer);
      assert.equal(toAnswer(text), toAnswer(text));
    }
  });

  test("does not answer a repeated client id twice", async () => {
    const bench = createBench(withBot);
    const socket = await bench.join(await bench.guest());
    bench.clock.move(600);
    socket.say("hello", socket.say("hello"));
    bench.clock.move(600);
    assert.equal(socket.of("message").filter(({ from }) => from === "bot").length, 2);
  });

  test("is silent from the moment on when an agent joins, even in mid-sentence", async () => {
    const bench = createBench(withBot);
    const socket = await bench.join(await bench.guest());
    bench.clock.move(600);
    socket.say("hello");
    await bench.call("POST", "/sandbox/agent", { do: "message", text: "I am here" });
    assert.ok(socket.of("typing").some(({ on, name }) => !on && name === "Otto"));
    socket.say("thanks");
    bench.clock.move(60_000);
    assert.equal(socket.of("message").filter(({ from }) => from === "bot").length, 1);
  });

  test("offers three answers with the greeting, and answers the one that is chosen", async () => {
    const bench = createBench(withBot);
    const socket = await bench.join(await bench.guest());
    bench.clock.move(600);
    const offered = socket.of("message")[0]?.quickReplies ?? [];
    assert.deepEqual(
      offered.map(({ text }) => text),
      ["Where is my order?", "Returns", "Talk to a person"],
    );
    choose(socket, offered[1]);
    bench.clock.move(600);
    assert.match(socket.texts().at(-1) ?? "", /^Returns are free/);
  });

  for (const [how, ask] of [
    ["chosen", (socket: FakeGuest) => choose(socket, { text: "Talk to a person", payload: "person" })],
    ["written", (socket: FakeGuest) => void socket.say("Can I talk to a human?")],
  ] as const) {
    test(`hands over when a person is ${how}: says so, goes silent, and the guest waits for an agent`, async () => {
      const bench = createBench(withBot);
      const socket = await bench.join(await bench.guest());
      bench.clock.move(600);
      const asked = bench.clock.now();
      ask(socket);
      bench.clock.move(600);
      assert.match(socket.texts().at(-1) ?? "", /^I have told my colleagues/);
      socket.say("hello?");
      bench.clock.move(60_000);
      assert.equal(socket.texts().at(-1), "hello?");
      const { sessions } = (await (await bench.call("GET", "/sandbox/state")).json()) as { sessions: object[] };
      const { stage, unread, waitingSince } = sessions[0] as Record<string, unknown>;
      assert.deepEqual({ stage, unread, waitingSince }, { stage: "waiting", unread: 2, waitingSince: asked });
    });
  }
});
