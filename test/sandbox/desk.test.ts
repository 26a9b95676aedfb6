/** The desk's view of the conversations, and the events that keep it up to date. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeskChange, DeskConversation } from "../../src/sandbox/desk/desk.ts";
import type { DeskEvent } from "../../src/sandbox/desk/events.ts";
import { createBench, ROUTING, type TestBench } from "./support.ts";

const agent = (bench: TestBench, body: object) => bench.call("POST", "/sandbox/agent", body);

/** What an event stream has sent; `next` waits for one that fits. */
async function listen(bench: TestBench, query = "") {
  const response = await bench.call("GET", `/sandbox/events${query}`);
  assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
  assert.equal(response.headers.get("cache-control"), "no-store");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  const ids: number[] = [];
  const read = async (): Promise<DeskEvent | undefined> => {
    for (;;) {
      const end = rest.indexOf("\n\n");
      if (end >= 0) {
        const fields = Object.fromEntries(
          rest
            .slice(0, end)
            .split("\n")
            .map((line) => line.split(/: (.*)/s)),
        );
        rest = rest.slice(end + 2);
        if (!fields.event) continue;
        ids.push(Number(fields.id));
        return { type: fields.event, data: JSON.parse(fields.data) };
      }
      const { value, done } = await reader.read();
      if (done) return undefined;
      rest += decoder.decode(value, { stream: true });
    }
  };
  return {
    ids,
    read,
    async next(fits: (event: DeskEvent) => boolean): Promise<DeskEvent> {
      for (;;) {
        const event = await read();
        assert.ok(event, "the stream has ended");
        if (fits(event)) return event;
      }
    },
    leave: () => reader.cancel(),
  };
}

const changed = (fits: (change: DeskChange) => boolean) => (event: DeskEvent) =>
  event.type === "change" && fits(event.data);

async function standing(bench: TestBench): Promise<DeskConversation> {
  const stream = await listen(bench);
  const first = await stream.read();
  await stream.leave();
  assert.ok(first?.type === "state");
  return first.data.conversations.at(-1)?.conversation as DeskConversation;
}

describe("the desk", () => {
  test("without a bot a guest waits for an agent from the first message, as long as nobody answers", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    assert.equal((await standing(bench)).waitingSince, null);
    const since = bench.clock.now();
    socket.say("Hello?");
    bench.clock.move(60_000);
    socket.say("Anybody?");
    const { stage, unread, waitingSince, lastActivityAt } = await standing(bench);
    assert.deepEqual({ stage, unread, waitingSince }, { stage: "waiting", unread: 2, waitingSince: since });
    assert.equal(lastActivityAt, since + 60_000);
    await agent(bench, { do: "message", text: "Yes" });
    const after = await standing(bench);
    assert.deepEqual([after.stage, after.unread, after.waitingSince, after.agents], ["agent", 0, null, ["Mira Koch"]]);
  });

  test("who has looked at it has read it, but not answered; the guest is told nothing", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    socket.say("Hello?");
    const frames = socket.frames.length;
    await agent(bench, { do: "read" });
    const { unread, waitingSince } = await standing(bench);
    assert.deepEqual([unread, waitingSince], [0, bench.clock.now()]);
    assert.equal(socket.frames.length, frames);
  });

  test("while the bot has it nothing is unread", async () => {
    const bench = createBench({ bot: true, botDelayMs: 600 });
    const socket = await bench.join(await bench.guest());
    socket.say("hello");
    const { stage, unread, waitingSince } = await standing(bench);
    assert.deepEqual({ stage, unread, waitingSince }, { stage: "bot", unread: 0, waitingSince: null });
  });

  test("the guest's typing is seen, and ends with his message, his leaving, or after 10 s of silence", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    const type = () => socket.send({ type: "typing", payload: { on: true } });
    const isTyping = async () => (await standing(bench)).guestTyping;
    type();
    assert.equal(await isTyping(), true);
    socket.say("done");
    assert.equal(await isTyping(), false);
    type();
    bench.clock.move(10_000);
    assert.equal(await isTyping(), false);
    type();
    socket.leave();
    assert.equal(await isTyping(), false);
    assert.equal((await standing(bench)).guestHere, false);
  });

  test("a renewed session is the same conversation, with the guest's new attributes", async () => {
    const bench = createBench();
    const first = await bench.guest({ page: "/a" });
    const socket = await bench.join(first);
    socket.say("Hello");
    const second = await bench.guest({ page: "/b", continued_from: first.id });
    const { id, guest } = await standing(bench);
    assert.equal(id, first.sessions[0].id);
    assert.equal(guest.attributes.page, "/b");
    assert.deepEqual(guest.routing, { queue: ROUTING.queue.id, skill: ROUTING.skill.id, language: "en" });
    assert.equal((await agent(bench, { do: "message", text: "Hi", session: id })).status, 200);
    assert.deepEqual((await bench.join(second)).texts(), ["Hello", "Hi"]);
  });
});

describe("GET /sandbox/events", () => {
  test("gives the whole first, then each change with the messages that have come", async () => {
    const bench = createBench();
    const socket = await bench.join(await bench.guest());
    socket.say("before");
    const stream = await listen(bench);
    const first = await stream.read();
    assert.ok(first?.type === "state");
    assert.equal(first.data.now, bench.clock.now());
    assert.deepEqual(
      first.data.conversations[0]?.messages.map(({ text }) => text),
      ["before"],
    );
    socket.send({ type: "typing", payload: { on: true } });
    await stream.next(changed(({ conversation }) => conversation.guestTyping));
    socket.say("after");
    const change = await stream.next(changed(({ messages }) => messages.length > 0));
    assert.ok(change.type === "change");
    assert.equal(change.data.messages[0]?.text, "after");
    assert.equal(change.data.conversation.unread, 2);
    await agent(bench, { do: "leave" });
    await stream.next(changed(({ conversation }) => conversation.stage === "ended"));
    assert.deepEqual(
      stream.ids,
      [...stream.ids].sort((a, b) => a - b),
    );
    await stream.leave();
  });

  test("tells of a new guest and of what is learnt about him", async () => {
    const bench = createBench();
    const stream = await listen(bench);
    const { id } = await bench.guest({ source: "shop" });
    await stream.next(changed(({ conversation }) => conversation.guest.attributes.source === "shop"));
    const headers = { authorization: `Bearer ${await bench.token()}` };
    await bench.call("PUT", `/api/v2/guests/${id}`, { attributes: { tier: "gold" } }, headers);
    await stream.next(changed(({ conversation }) => conversation.guest.attributes.tier === "gold"));
    await stream.leave();
  });

  test("beats every 15 s, and ends when the sandbox closes", async () => {
    const bench = createBench();
    const stream = await listen(bench);
    bench.clock.move(30_000);
    for (const type of ["state", "beat", "beat"]) assert.equal((await stream.read())?.type, type);
    bench.sandbox.close();
    assert.equal(await stream.read(), undefined);
  });

  test("has the log's new entries when asked for, without any token", async () => {
    const bench = createBench();
    const guest = await bench.guest();
    const stream = await listen(bench, "?log");
    await bench.join(guest);
    const entry = await stream.next(({ type, data }) => type === "log" && "type" in data && data.type === "handshake");
    assert.ok(!JSON.stringify(entry).includes(guest.guestToken));
    await stream.leave();
  });
});
