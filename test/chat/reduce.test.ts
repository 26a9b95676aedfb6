/** What events make of a chat: order, merging, unread, rows; and that a thing told twice is told once. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apply, type Chat, sortedMessages } from "../../src/chat/chat.ts";
import type { SessionEvent } from "../../src/chat/event.ts";
import type { Message } from "../../src/chat/message.ts";
import { countUnread, newestServerId, reduce } from "../../src/chat/reduce.ts";
import { initialState } from "../../src/chat/state.ts";
import { createFakePlatform } from "../support/fake-platform.ts";

const T = 1_000_000;
const start = (...events: SessionEvent[]): Chat => {
  const chat = { state: initialState(), messages: new Map() };
  tell(chat, ...events);
  return chat;
};
const tell = (chat: Chat, ...events: SessionEvent[]) => {
  for (const event of events) apply(chat, reduce(chat, event));
};
const texts = (chat: Chat) => sortedMessages(chat).map(({ happened, text }) => text ?? happened);

const agent = (serverId: string, at: number, text = serverId): SessionEvent => ({
  type: "received",
  message: { serverId, from: "agent", name: "Mira", text, sentAt: T + at },
});
const sending = (id: string, at: number, more: Partial<Message> = {}): SessionEvent => ({
  type: "sending",
  message: { id, from: "guest", text: id, sentAt: T + at, delivery: "sending", ...more },
});
const delivered = (id: string, at: number): SessionEvent => ({
  type: "delivered",
  id,
  serverId: `server-${id}`,
  sentAt: T + at,
  text: id,
});

describe("order", () => {
  test("messages stand in the order of their time, however they arrive (row 29)", () => {
    assert.deepEqual(texts(start(agent("c", 3), agent("a", 1), agent("b", 2))), ["a", "b", "c"]);
  });

  test("messages of the same time stand in the same order everywhere (row 28)", () => {
    const one = texts(start(agent("b", 1), agent("a", 1), agent("c", 1)));
    const two = texts(start(agent("c", 1), agent("b", 1), agent("a", 1)));
    assert.deepEqual(one, two);
  });

  test("what is on its way stands last, in the order typed, even if our clock is slow", () => {
    const chat = start(agent("a", 10), sending("x", -500), sending("y", -400), agent("b", 20));
    assert.deepEqual(texts(chat), ["a", "b", "x", "y"]);
  });

  test("once delivered it stands where the server's clock puts it (row 21)", () => {
    const chat = start(sending("x", 900), agent("a", 10), delivered("x", 5));
    assert.deepEqual(texts(chat), ["x", "a"]);
    assert.equal(chat.messages.get("x")?.sentAt, T + 5);
  });

  test("where a resume goes on is the newest message that the server knows", () => {
    const chat = start();
    assert.equal(newestServerId(chat), null);
    tell(chat, agent("b", 2), agent("a", 1), sending("x", 9));
    assert.equal(newestServerId(chat), "b");
    tell(chat, delivered("x", 5));
    assert.equal(newestServerId(chat), "server-x");
  });
});

describe("a guest's message", () => {
  test("goes from sending to sent by its echo, and keeps its id beside the server's", () => {
    const chat = start(sending("x", 0), delivered("x", 1));
    const { delivery, id, serverId } = chat.messages.get("x") as Message;
    assert.deepEqual({ delivery, id, serverId }, { delivery: "sent", id: "x", serverId: "server-x" });
  });

  test("that was written in another life is there by its echo alone", () => {
    assert.equal(start(delivered("x", 1)).messages.get("x")?.text, "x");
  });

  test("that failed says why, and no longer once it is sent after all", () => {
    const chat = start(sending("x", 0), { type: "rejected", id: "x", error: { code: "CHAT_TEXT_TOO_LONG" } });
    assert.equal(chat.messages.get("x")?.delivery, "failed");
    assert.equal(chat.messages.get("x")?.error?.code, "CHAT_TEXT_TOO_LONG");
    tell(chat, delivered("x", 1));
    assert.equal(chat.messages.get("x")?.error, undefined);
  });

  test("that is cancelled is gone, and what concerns none that is there changes nothing", () => {
    const chat = start(sending("x", 0), { type: "cancelled", id: "x" });
    assert.equal(chat.messages.size, 0);
    const missing: SessionEvent[] = [
      { type: "rejected", id: "nobody", error: { code: "CHAT_ENDED" } },
      { type: "unconfirmed", id: "nobody" },
      { type: "saw", message: "nobody" },
      { type: "throttled", retryAfter: 1 },
      { type: "lost", decision: { do: "retry" } },
    ];
    for (const event of missing) assert.deepEqual(reduce(chat, event), {}, event.type);
  });

  test("that is a quick reply marks the choice under the question", () => {
    const chat = start(agent("q", 1), { ...sending("x", 2, { payload: "yes" }), to: "q" } as SessionEvent);
    assert.equal(chat.messages.get("q")?.chosen, "yes");
    tell(chat, { ...sending("y", 3, { payload: "no" }), to: "gone" } as SessionEvent);
    assert.equal(chat.messages.size, 3);
  });
});

describe("unread", () => {
  test("counts what others wrote, and neither rows nor what the guest wrote", () => {
    const chat = start(agent("a", 1), sending("x", 2), { type: "presence", happened: "joined", sentAt: T + 3 });
    tell(chat, { type: "received", message: { serverId: "s", from: "system", text: "Welcome", sentAt: T + 4 } });
    assert.equal(chat.state.unread, 1);
  });

  test("falls by what was seen, and never rises again by looking at older messages", () => {
    const chat = start(agent("a", 1), agent("b", 2), agent("c", 3), { type: "saw", message: "b" });
    assert.equal(chat.state.unread, 1);
    assert.deepEqual(reduce(chat, { type: "saw", message: "a" }), {});
    assert.deepEqual(reduce(chat, { type: "saw", message: "b" }), {});
    tell(chat, { type: "saw", message: "c" });
    assert.equal(chat.state.unread, 0);
  });

  test("counts what came after the guest had looked, also where it has the same time and stands above", () => {
    const chat = start(agent("b", 1), { type: "saw", message: "b" }, agent("a", 1), agent("c", 1));
    assert.deepEqual(texts(chat), ["a", "b", "c"]);
    assert.equal(chat.state.unread, 2);
    tell(chat, { type: "saw", message: "c" });
    assert.equal(chat.state.unread, 0);
  });

  test("falls when the guest looks once more, though the newest is what he had seen", () => {
    const chat = start(agent("b", 1), { type: "saw", message: "b" }, agent("a", 1));
    assert.equal(chat.state.unread, 1);
    tell(chat, { type: "saw", message: "b" });
    assert.deepEqual([chat.state.seen, chat.state.unread], ["b", 0]);
    assert.deepEqual(reduce(chat, { type: "saw", message: "b" }), {});
  });

  test("stays at none in a chat that is looked at, and what was seen never moves up", () => {
    const chat = start(agent("b", 1), { type: "saw", message: "b" });
    const event = agent("a", 1);
    apply(chat, reduce(chat, event, true));
    assert.deepEqual([chat.state.seen, chat.state.unread], ["b", 0]);
  });

  test("is not counted by a straggler above what was seen, or the badge would never go", () => {
    const chat = start(agent("b", 2), { type: "saw", message: "b" }, agent("a", 1));
    assert.equal(chat.state.unread, 0);
  });
});

describe("what happened", () => {
  test("stands as a row below all that is there, whatever our clock says", () => {
    const chat = start(agent("a", 60_000), { type: "presence", happened: "joined", name: "Mira", sentAt: T });
    assert.deepEqual(texts(chat), ["a", "joined"]);
    assert.deepEqual(chat.state.answerer, { from: "agent", name: "Mira" });
  });

  test("is not pushed down by what comes after it, even if our clock is a little fast", () => {
    const chat = start({ type: "presence", happened: "joined", sentAt: T + 1_500 }, agent("a", 10));
    assert.deepEqual(texts(chat), ["joined", "a"]);
  });

  test("an end told twice, as after a restart, is one row", () => {
    const chat = start(agent("a", 1), { type: "readonly", sentAt: T + 2 }, { type: "readonly", sentAt: T + 9_000 });
    assert.deepEqual(texts(chat), ["a", "ended"]);
    assert.equal(chat.state.phase, "readonly");
  });

  test("a new conversation stands under a divider, unless there is nothing above it", () => {
    assert.deepEqual(texts(start({ type: "began-anew", sentAt: T })), []);
    const chat = start(agent("a", 1), { type: "began-anew", sentAt: T + 2 });
    assert.deepEqual(texts(chat), ["a", "new-conversation"]);
    assert.equal(chat.state.answerer, undefined);
  });

  test("typing ends with the message, with the agent and with the connection (row 31)", () => {
    const ends: SessionEvent[] = [
      agent("a", 1),
      { type: "typing", on: false },
      { type: "presence", happened: "left", sentAt: T },
      { type: "readonly", sentAt: T },
      { type: "phase", phase: "waiting" },
    ];
    for (const end of ends) {
      const chat = start({ type: "typing", on: true, name: "Mira" });
      assert.deepEqual(chat.state.typing, { name: "Mira" });
      tell(chat, end);
      assert.equal(chat.state.typing, undefined, end.type);
    }
  });

  test("a phase carries its reason and time, and the next one drops them", () => {
    const reason = { code: "CHAT_UNAVAILABLE" } as const;
    const chat = start({ type: "phase", phase: "waiting", reason });
    assert.deepEqual([chat.state.reason], [reason]);
    tell(chat, { type: "live", features: ["earlier"], textBytes: 200 });
    assert.deepEqual([chat.state.reason], [undefined]);
    assert.deepEqual([chat.state.phase, chat.state.features, chat.state.textBytes], ["live", ["earlier"], 200]);
  });
});

describe("whatever the order", () => {
  /** The same things told in any order, some of them twice or thrice. */
  function shuffled(seed: number, events: readonly SessionEvent[]): SessionEvent[] {
    const { random } = createFakePlatform(seed);
    const many = events.flatMap((event) => Array.from({ length: 1 + Math.floor(random() * 3) }, () => event));
    return many
      .map((event) => ({ event, place: random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ event }) => event);
  }
  const events = [
    ...Array.from({ length: 12 }, (_, n) => agent(`a${n}`, 7 * n)),
    ...Array.from({ length: 6 }, (_, n) => delivered(`g${n}`, 13 * n)),
  ];
  const expected = start(...events);

  test("the same messages make the same transcript, and each is there once", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const chat = start(...shuffled(seed, events));
      assert.deepEqual(sortedMessages(chat), sortedMessages(expected), `seed ${seed}`);
      assert.equal(chat.state.unread, 12, `seed ${seed}`);
    }
  });

  test("telling everything a second time, as a replay does, changes nothing at all (row 26)", () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const chat = start(...shuffled(seed, events));
      for (const event of shuffled(seed + 1_000, events)) assert.deepEqual(reduce(chat, event), {}, `seed ${seed}`);
    }
  });

  test("unread is what a restart would count, whatever is seen when", () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const { random } = createFakePlatform(seed);
      const chat = start();
      for (const event of shuffled(seed, events)) {
        tell(chat, event, { type: "saw", message: `a${Math.floor(random() * 12)}` });
        assert.equal(chat.state.unread, countUnread(chat, chat.state.seen), `seed ${seed}`);
      }
      tell(chat, { type: "saw", message: "a11" });
      assert.equal(chat.state.unread, 0, `seed ${seed}`);
    }
  });

  test("an event never changes the chat itself: only its changes, once applied, do", () => {
    const chat = start(...events);
    const before = structuredClone({ state: chat.state, messages: [...chat.messages] });
    for (const event of [agent("new", 99), delivered("a1", 9), { type: "typing", on: true } as const])
      reduce(chat, event);
    assert.deepEqual({ state: chat.state, messages: [...chat.messages] }, before);
  });
});
