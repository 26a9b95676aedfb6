/** Otto the bot: when he speaks, what he says, and when he is silent. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toAnswer } from "../../src/sandbox/bot.ts";
import { createBench } from "./support.ts";

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
});
