/** The store in memory: what holds a conversation where there is no disk. The one on disk is tried in a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore, openIndexedDb } from "../../src/session/store.ts";

test("what is put is there, once for each key, and not after it is deleted", async () => {
  const store = memoryStore();
  await store.put("messages", "a", 1);
  await store.put("messages", "b", 2);
  await store.put("messages", "a", 3);
  assert.deepEqual(store.all("messages").sort(), [2, 3]);
  await store.delete("messages", "a");
  await store.delete("messages", "nobody");
  assert.deepEqual(store.all("messages"), [2]);
});

test("tables are apart, and so are two stores", async () => {
  const store = memoryStore();
  await store.put("keep", "a", 1);
  assert.deepEqual(store.all("messages"), []);
  assert.deepEqual(memoryStore().all("keep"), []);
});

test("memory says that it is no disk", () => {
  assert.equal(memoryStore().durable, false);
});

test("where there is no IndexedDB at all, memory takes its place", async () => {
  const store = await openIndexedDb("any");
  assert.equal(store.durable, false);
  await store.put("keep", "a", 1);
  assert.deepEqual(store.all("keep"), [1]);
});
