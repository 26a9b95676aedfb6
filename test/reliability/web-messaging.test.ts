/** The faults of the matrix as web messaging meets them, over real sockets: a second copy of a text may be taken, and what was missed is in a history. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeploymentOptions } from "../../src/sandbox/web-messaging/deployment.ts";
import { memoryStore, type Store } from "../../src/session/store.ts";
import { allSent, assertWhole, type RealTalk, type RealTalkOptions, startTalk } from "../support/real-talk.ts";
// Under a virtual clock nothing waits for a chunk.
import "../../src/protocols/web-messaging/history.ts";

const ID = "9d8b7c6a-1122-4c33-8d44-556677889900";
const asked = { kind: "frame", direction: "in", action: "onMessage" };
const told = { kind: "frame", direction: "out", action: "StructuredMessage" };
const CONFIGURATION = `/webdeployments/v1/deployments/${ID}/config.json`;

const begin = (deployment: Partial<DeploymentOptions> = {}, more: RealTalkOptions = {}) =>
  startTalk({ ...more, deployment: { id: ID, ...deployment } });

const crossed = async (talk: RealTalk, direction: "in" | "out", type: string) =>
  (await talk.log()).filter((each) => each.direction === direction && each.kind === "frame" && each.type === type);

/** As the platform would write it. */
const written = (id: string, text: string, time: string | undefined) => ({
  type: "message",
  class: "StructuredMessage",
  code: 200,
  body: { id, type: "Text", text, direction: "Outbound", originatingEntity: "Human", channel: { time } },
});
const when = "2026-11-22T12:00:30.000Z";

/** One more frame to the guest, behind what an agent says, and it has come by when this resolves. */
async function sendDown(talk: RealTalk, ...frames: (object | string)[]): Promise<void> {
  for (const [n, inject] of frames.entries()) {
    await talk.fault(told, { inject }, 1);
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

describe("a text", () => {
  test("that is lost on its way up is told as not confirmed, and arrives once when the guest sends it again (row 2)", async () => {
    const talk = await begin();
    await talk.fault(asked, { suppress: true }, 1);
    const lost = await talk.say("lost");
    await talk.say("behind it");
    await talk.until(() => talk.deliveries().join() === "unconfirmed,sent");
    assert.deepEqual(await talk.arrived(), ["behind it"]);
    assert.equal(talk.sockets.length, 2);
    await talk.dispatch({ type: "retry", message: lost });
    await talk.until(() => allSent(talk));
    assert.deepEqual(await talk.arrived(), ["behind it", "lost"]);
  });

  test("does not go out before the disk has it, however slow that is: its echo finds it there, and it is one bubble (row 5)", async () => {
    const releases: (() => void)[] = [];
    const kept = memoryStore();
    const { put } = kept;
    const store: Store = {
      ...kept,
      async put(table, key, value) {
        if (table === "messages") await new Promise<void>((resolve) => releases.push(resolve));
        return put(table, key, value);
      },
    };
    const talk = await begin({}, { store });
    const release = () => {
      for (const each of releases.splice(0)) each();
    };
    const said = talk.say("slowly");
    await talk.idle(3);
    assert.deepEqual(await talk.arrived(), []);
    await talk.until(() => {
      release();
      return talk.deliveries()[0] === "sent";
    });
    await said;
    await assertWhole(talk, ["slowly"]);
  });

  for (const code of [1000, 1001, 1012]) {
    test(`is on its way as the server closes with ${code}, as at a deploy: the next connection is there, and it arrives once (row 6)`, async () => {
      const talk = await begin();
      await talk.say("before");
      await talk.until(() => allSent(talk));
      await talk.control("sockets/close", { code });
      await talk.until(() => talk.session.chat.state.phase !== "live");
      await talk.say("in the gap");
      await talk.until(() => allSent(talk));
      await assertWhole(talk, ["before", "in the gap"]);
      assert.equal((await talk.state()).sessions.length, 1);
    });
  }

  test("one of forty to a platform that takes fewer in a minute than it says: slowed down by its refusals, and all arrive (row 39)", async () => {
    const talk = await begin({ limits: { requestsPerMinute: 12, messagesPerSecond: 5 } });
    const texts = Array.from({ length: 40 }, (_, n) => `text ${n}`);
    for (const text of texts) await talk.say(text);
    await talk.until(() => allSent(talk), 1_800, 250);
    await assertWhole(talk, texts);
    const refused = await crossed(talk, "out", "TooManyRequestsErrorMessage");
    assert.ok(refused.length > 0, "it was never refused");
    assert.ok(refused.length <= 10, `${refused.length} refusals`);
  });
});

describe("a socket", () => {
  test("on which no SessionResponse comes is never taken for live; it is given up after 10 s, and tried again (row 17)", async () => {
    const talk = await begin({}, { open: false });
    await talk.fault({ kind: "frame", direction: "out", action: "SessionResponse" }, { suppress: true }, 1);
    const phases = new Set<string>();
    talk.session.subscribe(() => phases.add(talk.session.chat.state.phase));
    await talk.dispatch({ type: "open" });
    const began = talk.platform.clock.monotonic();
    await talk.until(() => talk.sockets.length === 2);
    assert.ok(!phases.has("live"));
    assert.ok(talk.platform.clock.monotonic() - began >= 10_000);
    await talk.untilLive();
    await talk.say("hello");
    await talk.until(() => allSent(talk));
  });
});

describe("a session that is over when the guest comes back", () => {
  test("is shown as read-only, takes no text, and a new one begins when he asks (row 18)", async () => {
    const talk = await begin({ disconnect: { enabled: true, type: "ReadOnly" } });
    await talk.say("before");
    await talk.until(() => allSent(talk));
    talk.session.stop();
    await talk.control("agent", { do: "leave" });
    await talk.restart();
    await talk.until(() => talk.session.chat.state.phase === "readonly");
    const late = await talk.say("too late");
    assert.equal(talk.session.chat.messages.get(late)?.error?.code, "CHAT_ENDED");
    await talk.dispatch({ type: "start-new" });
    await talk.untilLive();
    const anew = await talk.say("anew");
    await talk.until(() => talk.session.chat.messages.get(anew)?.delivery === "sent");
    assert.deepEqual(await talk.arrived(), ["before", "anew"]);
  });

  test("and says `connected: false` is read-only, too, and no reason to ask again and again (row 18)", async () => {
    const talk = await begin();
    await talk.say("before");
    await talk.until(() => allSent(talk));
    talk.session.stop();
    const body = { connected: false, newSession: false, readOnly: true };
    const over = { type: "response", class: "SessionResponse", code: 200, body };
    await talk.fault({ kind: "frame", direction: "out", action: "SessionResponse" }, { replace: over }, 1);
    await talk.restart();
    await talk.until(() => talk.session.chat.state.phase === "readonly");
    await talk.idle(60, 1_000);
    assert.equal((await crossed(talk, "in", "configureSession")).length, 2);
    assert.deepEqual(talk.texts(), ["before"]);
  });
});

describe("a message", () => {
  test("that comes three times is one bubble, and one unread (row 26)", async () => {
    const talk = await begin();
    const hello = written("m", "Hello", when);
    await sendDown(talk, hello, hello, hello);
    assert.deepEqual(own(talk), ["Hello"]);
    assert.equal(talk.session.chat.state.unread, talk.texts().length);
    await assertTalksOn(talk);
  });

  for (const tracingIdInHistory of [true, false]) {
    test(`that came live and stands in the history, ${tracingIdInHistory ? "with" : "without"} our ids, is one bubble, whoever wrote it (row 27)`, async () => {
      const talk = await begin({ switches: { tracingIdInHistory } });
      for (const text of ["one", "two"]) await talk.say(text);
      await talk.agentSays("three");
      await talk.until(() => allSent(talk) && talk.texts().length === 3);
      const before = talk.texts();
      for (let times = 0; times < 2; times += 1) {
        await talk.restart();
        await talk.untilLive();
        await talk.dispatch({ type: "load-earlier" });
      }
      assert.deepEqual(talk.texts(), before);
    });
  }

  test("of the same moment as another is shown beside it, in the same order after a reload (row 28)", async () => {
    const talk = await begin();
    await sendDown(talk, written("b", "second", when), written("a", "first", when), written("c", "third", when));
    assert.deepEqual(own(talk), ["first", "second", "third"]);
    await talk.restart();
    await talk.untilLive();
    assert.deepEqual(own(talk), ["first", "second", "third"]);
  });

  test("without an id, or with no time or one that is none, is shown where it comes, and the talk goes on (row 30)", async () => {
    const talk = await begin();
    const { body, ...rest } = written("x", "no id", when);
    const { id: _, ...nameless } = body;
    await sendDown(
      talk,
      { ...rest, body: nameless },
      written("y", "no time", undefined),
      written("z", "soon", "tomorrow"),
    );
    assert.deepEqual([...own(talk)].sort(), ["no id", "no time", "soon"]);
    await assertTalksOn(talk);
  });

  test("typing that never ends is gone after a while, with the next message, and with the connection (row 31)", async () => {
    const talk = await begin();
    const untilTyping = async () => {
      await talk.control("agent", { do: "typing" });
      await talk.until(() => talk.session.chat.state.typing !== undefined);
    };
    await untilTyping();
    await talk.until(() => talk.session.chat.state.typing === undefined, 31);
    await untilTyping();
    await talk.agentSays("there");
    await talk.until(() => talk.texts().includes("there"));
    assert.equal(talk.session.chat.state.typing, undefined);
    await untilTyping();
    talk.proxy.reset();
    await talk.until(() => talk.session.chat.state.phase !== "live");
    assert.equal(talk.session.chat.state.typing, undefined);
  });
});

describe("a frame", () => {
  const broken: [row: string, what: string, frame: object | string][] = [
    ["(row 32)", "that is no JSON", '{"type": "message", "class": {'],
    ["(row 32)", "with a byte order mark", `\uFEFF${JSON.stringify(written("x", "marked", when))}`],
    ["(row 32)", "nested ten thousand times", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
    [
      "(row 32)",
      "that would change prototypes",
      '{"__proto__":{"polluted":1},"class":"StructuredMessage","body":{"__proto__":{"polluted":1},"type":"Event"}}',
    ],
    ["(row 33)", "of more than 1 MiB", written("big", "x".repeat(1_048_576), when)],
    ["(row 34)", "with nothing in it", ""],
    ["(row 35)", "of a class that nobody knows", { type: "message", class: "HologramMessage", code: 200, body: {} }],
    ["(row 35)", "of a class that is a name of the language's", { class: "constructor", body: {} }],
    ["(row 35)", "with an event that nobody knows", { class: "SessionLevitatedEvent", body: { reason: 7 } }],
  ];
  for (const [row, what, frame] of broken) {
    test(`${what} is passed over, and the connection is kept ${row}`, async () => {
      const talk = await begin();
      await sendDown(talk, frame);
      assert.deepEqual(own(talk), []);
      assert.equal(({} as { polluted?: number }).polluted, undefined);
      await assertTalksOn(talk);
    });
  }

  test("with content of a kind that nobody knows is shown as the text it bears (row 35)", async () => {
    const talk = await begin();
    const hologram = written("h", "Look: a hologram", when);
    const content = [{ contentType: "Hologram", hologram: { depth: 3 } }];
    await sendDown(talk, { ...hologram, body: { ...hologram.body, type: "Structured", content } });
    assert.deepEqual(own(talk), ["Look: a hologram"]);
    await assertTalksOn(talk);
  });

  test("that nobody can read comes more than twenty times in a minute: the connection is given up for another, which goes on (row 32)", async () => {
    const talk = await begin();
    for (let n = 0; n < 21; n += 1) await talk.fault(told, { inject: "{" }, 1);
    for (let n = 0; n < 21; n += 1) await talk.agentSays(`word ${n}`);
    await talk.until(() => talk.sockets.length === 2);
    await talk.untilLive();
    await talk.say("still here");
    await talk.until(() => allSent(talk));
    assert.equal(new Set(talk.texts()).size, 22);
  });
});

describe("a deployment's configuration that is answered with 429 or 503", () => {
  const at = (seconds: number) => new Date(Date.parse("2026-11-22T12:00:00.000Z") + seconds * 1000).toUTCString();
  for (const [what, status, value, least, most] of [
    ["of 20 s", 503, "20", 20, 41],
    ["until a date", 429, at(20), 19, 41],
    ["until a date that has passed", 503, at(-60), 0, 3],
    ["that is absurd", 503, "1000000000", 900, 1_801],
    ["that is no number", 429, "soon", 0, 31],
    ["not told", 429, undefined, 0, 31],
  ] as const) {
    test(`and a pause ${what} is asked for again within bounds, and then the chat is there (row 37)`, async () => {
      const talk = await begin({}, { open: false });
      const headers = value === undefined ? {} : { "Retry-After": value };
      await talk.fault({ kind: "http", path: CONFIGURATION }, { status, headers }, 1);
      await talk.dispatch({ type: "open" });
      const began = talk.platform.clock.monotonic();
      await talk.until(() => talk.session.chat.state.phase === "live", 2_000, 500);
      const waited = (talk.platform.clock.monotonic() - began) / 1000;
      assert.ok(least <= waited && waited <= most, `${waited} s`);
    });
  }
});
