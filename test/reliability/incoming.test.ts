/** What comes down from Genesys is odd: twice, late, shuffled, broken or far too much. The transcript is right, and the talk goes on. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FRAME_MAX } from "../../src/wire/guest-api.ts";
import { allSent, type RealTalk, startTalk } from "../support/real-talk.ts";

const toGuest = { kind: "frame", direction: "out", action: "message" };
const when = "2026-11-22T12:00:30.000Z";
const written = (id: string, text: string, sentAt = when) => ({
  type: "message",
  payload: { id, from: "agent", name: "Mira", text, sentAt },
});

/** One more frame to the guest, after what an agent says, and it has come by when this resolves. */
async function sendDown(talk: RealTalk, ...frames: (object | string)[]): Promise<void> {
  for (const [n, inject] of frames.entries()) {
    await talk.fault(toGuest, { inject }, 1);
    await talk.agentSays(`after ${n}`);
    await talk.until(() => talk.texts().includes(`after ${n}`));
  }
  await talk.agentSays("and last");
  await talk.until(() => talk.texts().includes("and last"));
}

const own = (talk: RealTalk) => talk.texts().filter((text) => !/^after|^and last/.test(text ?? ""));

async function assertTalksOn(talk: RealTalk): Promise<void> {
  await talk.say("still here");
  await talk.until(() => allSent(talk));
  assert.equal(talk.sockets.length, 1);
  assert.equal(talk.session.chat.state.phase, "live");
}

describe("a message", () => {
  test("that comes three times is one bubble, and one unread (row 26)", async () => {
    const talk = await startTalk();
    await sendDown(talk, written("m", "Hello"), written("m", "Hello"), written("m", "Hello"));
    assert.deepEqual(own(talk), ["Hello"]);
    assert.equal(talk.session.chat.state.unread, talk.texts().length);
    await assertTalksOn(talk);
  });

  test("that came live and comes again in a replay of everything is one bubble, whoever wrote it (row 27)", async () => {
    const talk = await startTalk();
    for (const text of ["one", "two"]) await talk.say(text);
    await talk.agentSays("three");
    await talk.until(() => allSent(talk) && talk.texts().length === 3);
    const resume = { type: "resume", payload: { after: null } };
    await talk.fault({ kind: "frame", direction: "in", action: "resume" }, { replace: resume }, 1);
    talk.proxy.reset();
    await talk.until(() => talk.sockets.length === 2);
    await talk.untilLive();
    const replayed = (await talk.log()).filter(({ direction, type }) => direction === "out" && type === "message");
    assert.equal(replayed.length, 6);
    assert.deepEqual([...talk.texts()].sort(), ["one", "three", "two"]);
  });

  test("of the same moment as another is shown beside it, in the same order after a reload (row 28)", async () => {
    const talk = await startTalk();
    await sendDown(talk, written("b", "second"), written("a", "first"), written("c", "third"));
    assert.deepEqual(own(talk), ["first", "second", "third"]);
    await talk.restart();
    assert.deepEqual(own(talk), ["first", "second", "third"]);
  });

  test("that is overtaken by those behind it is shown in its place when it comes (row 29)", async () => {
    const talk = await startTalk();
    for (const delayMs of [800, 600, 400, 200]) {
      await talk.fault(toGuest, { delayMs }, 1);
    }
    for (const text of ["1", "2", "3", "4", "5"]) {
      await talk.agentSays(text);
      await talk.platform.pass(10);
    }
    const seen: string[] = [];
    talk.session.subscribe(({ messages }) => seen.push(...(messages ?? []).flatMap(({ text }) => text ?? [])));
    await talk.until(() => talk.texts().length === 5);
    assert.notDeepEqual(seen, [...seen].sort(), "they came in order after all");
    assert.deepEqual(talk.texts(), ["1", "2", "3", "4", "5"]);
    assert.equal(new Set(seen).size, seen.length, "each is told once");
  });

  test("without a time or an id is no message of the profile: it is passed over, and those around it are there (row 30)", async () => {
    const talk = await startTalk();
    const { payload } = written("x", "nowhere");
    await sendDown(
      talk,
      { type: "message", payload: { ...payload, sentAt: "yesterday" } },
      { type: "message", payload: { ...payload, sentAt: undefined } },
      { type: "message", payload: { ...payload, id: undefined } },
      { type: "message", payload: { ...payload, id: "" } },
    );
    assert.deepEqual(own(talk), []);
    assert.equal(talk.texts().length, 5);
    await assertTalksOn(talk);
  });
});

describe("typing", () => {
  test("that comes after its message ends with the next one (row 31)", async () => {
    const talk = await startTalk();
    await sendDown(talk, { type: "typing", payload: { on: true, name: "Mira" } });
    assert.equal(talk.session.chat.state.typing, undefined);
  });

  test("that never ends is gone after 30 s, and with the connection (row 31)", async () => {
    const talk = await startTalk();
    await talk.control("agent", { do: "typing" });
    await talk.until(() => talk.session.chat.state.typing !== undefined);
    await talk.until(() => talk.session.chat.state.typing === undefined, 31);
    await talk.control("agent", { do: "typing" });
    await talk.until(() => talk.session.chat.state.typing !== undefined);
    talk.proxy.reset();
    await talk.until(() => talk.session.chat.state.phase !== "live");
    assert.equal(talk.session.chat.state.typing, undefined);
  });
});

describe("a frame", () => {
  const broken: [row: string, what: string, frame: object | string][] = [
    ["(row 32)", "that is no JSON", '{"type": "message", "payload": {'],
    ["(row 32)", "with a byte order mark", `\uFEFF${JSON.stringify(written("x", "marked"))}`],
    ["(row 32)", "with a number that is too large", '{"type":"pong","payload":{"at":1e999}}'],
    ["(row 32)", "nested ten thousand times", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
    ["(row 32)", "with a NUL", '{"type":"message\u0000"}'],
    [
      "(row 32)",
      "that would change prototypes",
      '{"__proto__":{"polluted":1},"type":"typing","payload":{"__proto__":{"on":true}}}',
    ],
    ["(row 33)", "of more than 1 MiB", written("big", "x".repeat(FRAME_MAX))],
    ["(row 34)", "with nothing in it", ""],
    ["(row 35)", "of a type that nobody knows", { type: "hologram", payload: { on: true } }],
    ["(row 35)", "of a type that is a name of the language's", { type: "constructor", payload: {} }],
    [
      "(row 35)",
      "with an error that nobody knows",
      { type: "error", payload: { code: "teapot", message: "short and stout" } },
    ],
    [
      "(row 35)",
      "with an author that nobody knows",
      { type: "message", payload: { ...written("y", "?").payload, from: "ghost" } },
    ],
    ["(row 35)", "with a presence that nobody knows", { type: "presence", payload: { event: "levitated" } }],
  ];
  for (const [row, what, frame] of broken) {
    test(`${what} is passed over, and the connection is kept ${row}`, async () => {
      const talk = await startTalk();
      await sendDown(talk, frame);
      assert.deepEqual(own(talk), []);
      assert.equal(({} as { polluted?: number }).polluted, undefined);
      await assertTalksOn(talk);
    });
  }

  test("with a lone surrogate or the same key twice is a message like any other, shown as what it says (row 32)", async () => {
    const talk = await startTalk();
    const twice = JSON.stringify(written("d", "second")).replace('"text"', '"text":"first","text"');
    await sendDown(talk, JSON.stringify(written("s", "half \uD83D")), twice);
    assert.deepEqual(own(talk).sort(), ["half \uD83D", "second"]);
    await assertTalksOn(talk);
  });

  test("a flood of pongs that nobody asked for is heard and changes nothing (row 34)", async () => {
    const talk = await startTalk();
    let told = 0;
    talk.session.subscribe(() => {
      told += 1;
    });
    await talk.fault({ kind: "frame", direction: "in", action: "ping" }, { suppress: true });
    for (let n = 0; n < 100; n += 1) {
      await talk.fault(
        { kind: "frame", direction: "in" },
        { suppress: true, inject: { type: "pong", payload: { at: n } } },
        1,
      );
    }
    const [socket] = talk.sockets;
    for (let n = 0; n < 100; n += 1) socket?.send("{}");
    await talk.until(async () => (await talk.log()).filter(({ type }) => type === "pong").length === 100);
    assert.equal(told, 0);
  });
});

describe("coming back after a long time", () => {
  test("two hundred missed messages are there, in order and each once, and counted as unread (row 77)", async () => {
    const talk = await startTalk();
    await talk.say("I am in a tunnel");
    await talk.until(() => allSent(talk));
    talk.proxy.mode = "refusing";
    talk.proxy.reset();
    const missed = Array.from({ length: 200 }, (_, n) => `message ${n}`);
    for (const text of missed) {
      await talk.agentSays(text);
      await talk.platform.pass(1);
    }
    talk.proxy.mend();
    await talk.untilLive();
    assert.deepEqual(talk.texts(), ["I am in a tunnel", ...missed]);
    assert.equal(talk.session.chat.state.unread, 200);
    const resumed = (await talk.log()).filter(({ type }) => type === "resumed");
    assert.deepEqual(
      resumed.map(({ frame }) => frame?.payload?.count),
      [0, 200],
      "one replay, of what was missed",
    );
  });
});
