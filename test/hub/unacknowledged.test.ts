/** What a tab keeps of what was typed until a hub has it: over reloads, and whatever its storage does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createUnacknowledged, isTyped, type TabStorage, type Typed } from "../../src/hub/unacknowledged.ts";

const KEY = "key";
const typed = (id: string, text = id): Typed => ({ id, at: 1, epoch: "e", command: { type: "send", text } });

function fakeStorage(content?: string): TabStorage & { content: string | null } {
  return {
    content: content ?? null,
    getItem() {
      return this.content;
    },
    setItem(_key, value) {
      this.content = value;
    },
    removeItem() {
      this.content = null;
    },
  };
}

test("what was typed is there again after a reload, in the order typed", () => {
  const storage = fakeStorage();
  const first = createUnacknowledged(storage, KEY);
  first.add(typed("b"));
  first.add({ ...typed("a"), command: { type: "reply", to: "q", text: "Yes", payload: "yes" } });
  assert.deepEqual(createUnacknowledged(storage, KEY).all(), first.all());
  assert.deepEqual(
    first.all().map(({ id }) => id),
    ["b", "a"],
  );
});

test("what was acknowledged is forgotten, and nothing is left in the storage", () => {
  const storage = fakeStorage();
  const list = createUnacknowledged(storage, KEY);
  list.add(typed("a"));
  list.add(typed("b"));
  list.remove("nobody");
  list.remove("a");
  assert.deepEqual(createUnacknowledged(storage, KEY).all(), [typed("b")]);
  list.remove("b");
  assert.equal(storage.content, null);
});

test("a storage that throws at everything costs nothing but the reload", () => {
  const refuse = () => {
    throw new DOMException("blocked", "SecurityError");
  };
  const list = createUnacknowledged({ getItem: refuse, setItem: refuse, removeItem: refuse }, KEY);
  list.add(typed("a"));
  assert.deepEqual(list.all(), [typed("a")]);
  list.remove("a");
  assert.deepEqual(list.all(), []);
});

test("without a storage the list lives as long as the tab", () => {
  const list = createUnacknowledged(null, KEY);
  list.add(typed("a"));
  assert.equal(list.all().length, 1);
  assert.equal(createUnacknowledged(null, KEY).all().length, 0);
});

test("what somebody else has put there is left aside", () => {
  for (const content of ["", "{", "null", "7", '"x"', "{}", "[null,7,[],{}]"]) {
    assert.deepEqual(createUnacknowledged(fakeStorage(content), KEY).all(), [], content);
  }
  const mixed = [
    { id: "x" },
    { id: 1, at: 1, command: { text: "x" } },
    typed("good"),
    { id: "y", at: 1, command: null },
  ];
  assert.deepEqual(createUnacknowledged(fakeStorage(JSON.stringify(mixed)), KEY).all(), [typed("good")]);
});

test("only what was written counts as typed", () => {
  assert.ok(isTyped(typed("a")));
  assert.ok(!isTyped({ id: "a", at: 1, command: { type: "open" } }));
});
