/** What nobody outside knows of the platform (section 8 of the protocol) can be either way: a switch of the deployment for each. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "../support.ts";
import { createWireBench, type FakeEnd, type WireBench } from "./bench.ts";

const texts = (guest: FakeEnd) => guest.of("StructuredMessage").map(({ body }) => body.text);

async function history(bench: WireBench, guest: FakeEnd): Promise<{ tracingId?: string; text?: string }[]> {
  guest.send("getJwt");
  const { body } = await until("a JWT", () => guest.of("JwtResponse").at(-1));
  const headers = { authorization: `bearer ${body.jwt}` };
  const response = await bench.sandbox.fetch(
    new Request("http://sandbox.test/api/v2/webmessaging/messages", { headers }),
  );
  return ((await response.json()) as { entities: { tracingId?: string; text?: string }[] }).entities;
}

describe("the switch", () => {
  test("order: messages arrive as they were made, or the second before the first; their times tell", () => {
    const kept = createWireBench().join();
    for (const text of ["one", "two", "three"]) kept.say(text);
    assert.deepEqual(texts(kept), ["one", "two", "three"]);

    const bench = createWireBench({ switches: { order: "mixed" } });
    const mixed = bench.join();
    for (const text of ["one", "two", "three"]) {
      mixed.say(text);
      bench.clock.move(10);
    }
    assert.deepEqual(texts(mixed), ["two", "one"]);
    bench.clock.move(250);
    assert.deepEqual(texts(mixed), ["two", "one", "three"]);
    const [two, one] = mixed.of("StructuredMessage").map(({ body }) => body.channel.time);
    assert.ok(one < two);
  });

  test("tracingIdInHistory: history tells which request a message came with, or does not", async () => {
    for (const tracingIdInHistory of [false, true]) {
      const bench = createWireBench({ switches: { tracingIdInHistory } });
      const guest = bench.join();
      const tracingId = guest.say("Hello");
      const [entity] = await history(bench, guest);
      assert.equal(entity?.text, "Hello");
      assert.equal(entity?.tracingId, tracingIdInHistory ? tracingId : undefined);
    }
  });

  test("dedupByTracingId: a message that comes twice is one, and echoed twice; or it is two", async () => {
    for (const dedupByTracingId of [true, false]) {
      const bench = createWireBench({ switches: { dedupByTracingId } });
      const guest = bench.join();
      const tab = bench.join(guest.token);
      const tracingId = crypto.randomUUID();
      for (let time = 0; time < 2; time += 1) guest.send("onMessage", { tracingId, message: { text: "Once" } });
      const echoes = guest.of("StructuredMessage").filter((frame) => frame.tracingId === tracingId);
      assert.equal(echoes.length, 2);
      const ids = new Set(echoes.map(({ body }) => body.id));
      assert.equal(ids.size, dedupByTracingId ? 1 : 2);
      const { messages } = (await bench.state()).sessions[0];
      const once = messages.filter(({ text }: { text: string }) => text === "Once");
      assert.equal(once.length, dedupByTracingId ? 1 : 2);
      const seen = tab.of("StructuredMessage").filter(({ body }) => body.text === "Once");
      assert.equal(seen.length, once.length);
    }
  });

  test("dedupByTracingId: what was taken once is echoed even when the conversation is over, or too fast", async () => {
    const bench = createWireBench({ limits: { messagesPerSecond: 1 } });
    const guest = bench.join();
    const tracingId = guest.say("Once");
    await bench.agent({ do: "leave" });
    guest.frames.length = 0;
    guest.send("onMessage", { tracingId, message: { text: "Once" } });
    assert.equal(guest.answer(tracingId).body.text, "Once");
  });

  test("expirationUnit: the session's end in seconds, or in ms", () => {
    for (const [expirationUnit, factor] of [
      ["s", 1000],
      ["ms", 1],
    ] as const) {
      const bench = createWireBench({ switches: { expirationUnit } });
      const guest = bench.open();
      const end = bench.clock.now() + 259_200_000;
      assert.equal(guest.configure().body.expirationDate * factor, end);
      const { metadata } = guest.answer(guest.send("echo")).body;
      assert.equal(Number(metadata.expirationDate) * factor, end);
      assert.equal(metadata.durationSeconds, "259200");
    }
  });

  test("closesAfterEvent: the sandbox closes after ConnectionClosedEvent, or leaves that to the client", () => {
    for (const closesAfterEvent of [false, true]) {
      const bench = createWireBench({ limits: { connectionsPerSession: 1 }, switches: { closesAfterEvent } });
      const first = bench.join();
      bench.join(first.token);
      assert.equal(first.of("ConnectionClosedEvent").length, 1);
      assert.equal(first.closed, closesAfterEvent ? 1000 : undefined);
    }
  });
});
