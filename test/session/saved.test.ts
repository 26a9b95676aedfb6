/** What a session keeps over its own end: the tail of the transcript, and nothing that is not what it should be. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Message } from "../../src/chat/message.ts";
import { load, type Standing, saveMessages, saveStanding } from "../../src/session/saved.ts";
import { memoryStore } from "../../src/session/store.ts";
import { settle } from "../support/fake-platform.ts";

const message = (id: string, sentAt: number, more: Partial<Message> = {}): Message => ({
  id,
  from: "agent",
  text: id,
  sentAt,
  ...more,
});
const standing: Standing = {
  epoch: "e",
  readonly: false,
  skew: -5,
  seen: "m1",
  credentials: { url: "ws://x", issuedAt: 1, expiresAt: 2, secrets: { ticket: "t" } },
};

describe("what is kept", () => {
  test("is what was saved, in the order of its time", async () => {
    const store = memoryStore();
    await saveStanding(store, standing);
    saveMessages(store, { messages: [message("b", 2), message("a", 1)] });
    const saved = load(store);
    assert.deepEqual(saved.standing, standing);
    assert.deepEqual(saved.messages, [message("a", 1), message("b", 2)]);
  });

  test("follows what is shown: changed, and taken away", async () => {
    const store = memoryStore();
    saveMessages(store, { messages: [message("a", 1), message("b", 2)] });
    saveMessages(store, { messages: [message("a", 1, { chosen: "yes" })], removed: ["b"] });
    assert.deepEqual(load(store).messages, [message("a", 1, { chosen: "yes" })]);
  });

  test("is nothing of a session that has kept nothing", async () => {
    assert.deepEqual(load(memoryStore()), { standing: null, messages: [] });
  });

  test("is the newest thousand messages; the rest is taken off the disk", async () => {
    const store = memoryStore();
    saveMessages(store, { messages: Array.from({ length: 1_203 }, (_, n) => message(`m${n}`, n)) });
    const { messages } = load(store);
    await settle();
    assert.deepEqual([messages.length, messages[0]?.id, messages.at(-1)?.id], [1_000, "m203", "m1202"]);
    assert.equal(store.all("messages").length, 1_000);
  });

  test("of a long transcript is also what is still to be sent, however slow our clock was", async () => {
    const store = memoryStore();
    const unsent = message("mine", -1, { from: "guest", delivery: "sending" });
    await store.put("messages", unsent.id, unsent);
    saveMessages(store, { messages: Array.from({ length: 1_100 }, (_, n) => message(`m${n}`, n)) });
    assert.deepEqual(load(store).messages.at(-1), unsent);
  });
});

describe("a record that is none is left aside", () => {
  const garbage: unknown[] = [undefined, null, 0, "x", [], {}, { id: "x" }, { id: 7, from: "agent", sentAt: 1 }];

  test("among messages (row 48)", async () => {
    const store = memoryStore();
    for (const [n, record] of [...garbage, { id: "x", from: "agent", sentAt: "1" }].entries()) {
      await store.put("messages", `garbage ${n}`, record);
    }
    await store.put("messages", "good", message("good", 1));
    assert.deepEqual(load(store).messages, [message("good", 1)]);
  });

  test("as a standing (row 48)", async () => {
    const wrong = [
      ...garbage,
      { ...standing, epoch: 5 },
      { ...standing, skew: "0" },
      { ...standing, skew: Number.NaN },
      { ...standing, credentials: {} },
      { ...standing, credentials: { url: 7, secrets: {} } },
      { ...standing, credentials: { url: "ws://x", secrets: { ticket: 7 } } },
      { ...standing, credentials: null },
    ];
    for (const record of wrong) {
      const store = memoryStore();
      await store.put("keep", "standing", record);
      assert.equal(load(store).standing, null, JSON.stringify(record));
    }
  });
});
