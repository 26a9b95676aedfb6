/** A tab's end: what it shows, what it keeps until a hub has it, and what becomes of it when hubs come and go. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ChatError } from "../../src/chat/error.ts";
import type { Message } from "../../src/chat/message.ts";
import type { Update } from "../../src/hub/port.ts";
import { createPortPair } from "../../src/hub/port-pair.ts";
import { memoryStore } from "../../src/session/store.ts";
import { settle } from "../support/fake-platform.ts";
import { fromAgent, sentFrames } from "../support/guest-api-script.ts";
import { OPTIONS } from "./support.ts";
import { mapStorage, startTabs } from "./tab-script.ts";

describe("what is typed", () => {
  test("is kept by the tab until the hub shows it, and is then forgotten", async () => {
    const { hub, openTab } = await startTabs();
    const storage = mapStorage();
    const tab = await openTab({ storage, on: null });
    await tab.ask({ type: "send", text: "hi" });
    const [kept = ""] = storage.map.values();
    assert.match(kept, /"text":"hi"/);
    assert.deepEqual([...storage.map.keys()], ["genesys-guest-chat:guest-api http://broker.test local"]);
    await tab.attach(hub);
    assert.equal(storage.map.size, 0);
    assert.deepEqual(tab.texts(), ["hi"]);
  });

  test("is settled with its id once the hub has it on disk", async () => {
    const { openTab, session } = await startTabs();
    const tab = await openTab();
    const outcome = await tab.ask({ type: "send", text: "hi" });
    assert.equal(session.chat.messages.get(String(outcome()))?.text, "hi");
  });

  test("is shown as being sent after 300 ms, even if no hub answers", async () => {
    const { openTab, platform } = await startTabs();
    const tab = await openTab({ on: null });
    await tab.ask({ type: "send", text: "hi" });
    await platform.pass(299);
    assert.deepEqual(tab.texts(), []);
    await platform.pass(1);
    assert.deepEqual(tab.texts(), ["hi"]);
    assert.equal(tab.client.messages[0]?.delivery, "sending");
    assert.equal(tab.changes.length, 1);
  });

  test("survives a reload: it is sent again with the same id, and is one message", async () => {
    const { goLive, hub, openTab, platform } = await startTabs();
    const storage = mapStorage();
    const before = await openTab({ storage, on: null });
    await before.ask({ type: "send", text: "one" });
    await before.ask({ type: "send", text: "two" });
    const after = await openTab({ storage: mapStorage(new Map(storage.map)) });
    await before.attach(hub);
    assert.deepEqual(after.texts(), ["one", "two"]);
    assert.deepEqual(before.texts(), ["one", "two"]);
    await goLive();
    assert.equal(sentFrames(platform, "message").length, 1);
  });

  test("is still there after a close of the tab, for the next page", async () => {
    const { openTab } = await startTabs();
    const storage = mapStorage();
    const tab = await openTab({ storage, on: null });
    const outcome = await tab.ask({ type: "send", text: "hi" });
    tab.client.close();
    await settle();
    const next = await openTab({ storage });
    assert.deepEqual(next.texts(), ["hi"]);
    assert.equal(outcome(), next.client.messages[0]?.id, "the box does not get back what is on its way");
  });

  test("comes back to who wrote it where a close leaves nothing to keep it in", async () => {
    const { openTab } = await startTabs();
    const tab = await openTab({ storage: null, on: null });
    const outcome = await tab.ask({ type: "send", text: "hi" });
    tab.client.close();
    await settle();
    assert.equal(outcome(), "CHAT_INTERRUPTED");
  });

  test("is settled once it is shown, even if the hub dies before it says so", async () => {
    const { openTab, platform } = await startTabs();
    const tab = await openTab({ on: null });
    const [tabPort, hubPort] = createPortPair<never, Update>();
    tab.host.onPort(tabPort as never);
    const outcome = await tab.ask({ type: "send", text: "hi" });
    await platform.pass(300);
    const [shown] = tab.client.messages;
    hubPort.post({ messages: [shown as Message] });
    await settle();
    assert.equal(outcome(), shown?.id);
  });

  test("that is a day old is not sent without asking, and stands there with its reason", async () => {
    const { openTab, platform, session } = await startTabs();
    const storage = mapStorage();
    await (await openTab({ storage, on: null })).ask({ type: "send", text: "old" });
    platform.jump(25 * 3_600_000);
    const next = await openTab({ storage });
    assert.equal(next.client.messages[0]?.error?.code, "CHAT_EXPIRED");
    assert.equal(session.chat.messages.size, 1);
    assert.equal(storage.map.size, 0);
  });

  test("is not lost where storage throws at everything", async () => {
    const { hub, openTab } = await startTabs();
    const refuse = () => {
      throw new DOMException("blocked", "SecurityError");
    };
    const tab = await openTab({ storage: { getItem: refuse, setItem: refuse, removeItem: refuse }, on: null });
    await tab.ask({ type: "send", text: "hi" });
    await tab.attach(hub);
    assert.deepEqual(tab.texts(), ["hi"]);
  });

  test("touches no storage where none is wanted", async () => {
    const { openTab } = await startTabs();
    const storage = mapStorage();
    const tab = await openTab({ storage, options: { ...OPTIONS, storage: "memory" }, on: null });
    await tab.ask({ type: "send", text: "hi" });
    assert.equal(storage.map.size, 0);
  });

  test("stands in the order typed, though the server has taken all of it in one moment", async () => {
    const { echo, goLive, openTab } = await startTabs();
    const tab = await openTab();
    await tab.ask({ type: "open" });
    await goLive();
    const texts = Array.from({ length: 12 }, (_, index) => `text ${index}`);
    for (const text of texts) {
      const id = (await tab.ask({ type: "send", text }))() as string;
      assert.match(id, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      await echo(id, `server ${text}`);
    }
    assert.deepEqual(tab.texts(), texts);
    assert.equal(new Set(tab.client.messages.map(({ sentAt }) => sentAt)).size, 1);
  });

  test("and refused by the hub is forgotten by the tab, with the reason", async () => {
    const { openTab } = await startTabs();
    const storage = mapStorage();
    const tab = await openTab({ storage });
    assert.equal((await tab.ask({ type: "send", text: "   " }))(), "CHAT_TEXT_EMPTY");
    assert.equal(storage.map.size, 0);
  });
});

describe("when a hub has died", () => {
  test("what it did not answer is asked again of the next, if it may be asked twice", async () => {
    const { hub, openTab, session } = await startTabs();
    const tab = await openTab();
    const asked: Record<string, () => unknown> = {};
    const posted: string[] = [];
    const [tabPort, deadPort] = createPortPair<never, Update>();
    deadPort.listen((message: { command?: { type: string } }) => void posted.push(message.command?.type ?? "join"));
    tab.host.onPort(tabPort as never);
    for (const command of [
      { type: "open" },
      { type: "send", text: "hi" },
      { type: "seen", message: "nobody" },
      { type: "visible", on: true },
      { type: "typing", on: true },
      { type: "end" },
      { type: "start-new" },
    ] as const)
      asked[command.type] = await tab.ask(command);
    assert.equal(posted.length, 8);
    await tab.attach(hub);
    assert.deepEqual(tab.texts(), ["hi"]);
    assert.equal(asked.send?.(), [...session.chat.messages.keys()][0]);
    for (const type of ["open", "seen", "visible"]) assert.equal(asked[type]?.(), undefined, type);
    for (const type of ["typing", "end", "start-new"]) assert.equal(asked[type]?.(), "CHAT_INTERRUPTED", type);
  });

  test("what no hub had seen yet is asked of the next, whatever it is", async () => {
    const { hub, openTab } = await startTabs();
    const tab = await openTab({ on: null });
    const outcome = await tab.ask({ type: "set-attributes", attributes: {} });
    assert.equal(outcome(), "open");
    await tab.attach(hub);
    assert.equal(outcome(), undefined);
  });

  test("what a tab still says to one that has left is not taken by it, but by the next", async () => {
    const left = await startTabs();
    const tab = await left.openTab();
    const next = await left.replaceHub();
    // As a worker lets it in while another is being elected.
    await tab.attach(left.hub);
    const outcome = await tab.ask({ type: "send", text: "in the gap" });
    assert.equal(outcome(), "open");
    await tab.attach(next.hub);
    assert.equal(next.session.chat.messages.get(String(outcome()))?.text, "in the gap");
  });

  test("the transcript is there again on the next, and nothing is there twice", async () => {
    const first = await startTabs();
    const tab = await first.openTab();
    await tab.ask({ type: "send", text: "one" });
    await first.goLive([fromAgent(first.platform, "m1", "Hello")]);
    const next = await first.replaceHub();
    await tab.ask({ type: "send", text: "two" });
    await tab.attach(next.hub);
    assert.deepEqual(tab.texts(), ["Hello", "one", "two"]);
  });

  test("what was typed before anything at all was kept is not taken for another conversation's", async () => {
    const first = await startTabs({ store: memoryStore() });
    const tab = await first.openTab();
    const next = await first.replaceHub();
    const outcome = await tab.ask({ type: "send", text: "first words" });
    await tab.attach(next.hub);
    assert.deepEqual(tab.texts(), ["first words"]);
    assert.match(String(outcome()), /-/);
  });

  test("nothing of the old one's state is left that the new one does not know", async () => {
    const first = await startTabs();
    const tab = await first.openTab();
    await tab.ask({ type: "open" });
    await first.goLive([fromAgent(first.platform, "m1", "Hello")]);
    await first.platform.socket.send({ type: "typing", payload: { on: true, name: "Mira" } });
    assert.ok(tab.client.state.typing && tab.client.state.answerer);
    const next = await startTabs();
    await tab.attach(next.hub);
    const { answerer, phase, seen, textBytes, typing } = tab.client.state;
    assert.deepEqual([answerer, phase, seen, textBytes, typing], [undefined, "idle", undefined, undefined, undefined]);
  });

  test("its late words are not heard any more", async () => {
    const { hub, openTab } = await startTabs();
    const tab = await openTab({ on: null });
    const [oldTabPort, oldHubPort] = createPortPair<never, Update>();
    tab.host.onPort(oldTabPort as never);
    await tab.attach(hub);
    oldHubPort.post({ reset: true, state: { phase: "ended" } } as never);
    await settle();
    assert.equal(tab.client.state.phase, "idle");
  });
});

describe("what a new hub is told", () => {
  test("that the guest sees the chat: what comes in is not unread", async () => {
    const scene = await startTabs();
    const tab = await scene.openTab();
    await tab.ask({ type: "open" });
    await tab.ask({ type: "visible", on: true });
    await scene.goLive();
    const next = await scene.replaceHub();
    await tab.attach(next.hub);
    await next.goLive([fromAgent(next.platform, "m1", "Hello")]);
    assert.equal(tab.client.state.unread, 0);
  });
});

describe("what a tab is told", () => {
  test("that the conversation is not kept, once, where it was meant to be", async () => {
    const { openTab } = await startTabs();
    const tab = await openTab();
    const degraded = tab.changes.flatMap((change) => change.degraded ?? []);
    assert.deepEqual(
      degraded.map(({ code }) => code),
      ["CHAT_STORAGE_BLOCKED"],
    );
    assert.equal(tab.client.state.durable, false);
    const wanted = await openTab({ options: { ...OPTIONS, storage: "memory" } });
    assert.ok(wanted.changes.every((change) => change.degraded === undefined));
  });

  test("when the disk fails in the middle of it", async () => {
    const store = { ...memoryStore(), durable: true };
    const { openTab } = await startTabs({ store });
    const tab = await openTab();
    assert.equal(tab.client.state.durable, true);
    store.durable = false;
    await tab.ask({ type: "send", text: "hi" });
    assert.equal(tab.changes.flatMap((change) => change.degraded ?? [])[0]?.code, "CHAT_STORAGE_BLOCKED");
    assert.deepEqual(tab.texts(), ["hi"]);
  });

  test("when the disk fails while the guest only reads", async () => {
    const store = { ...memoryStore(), durable: true };
    const { goLive, openTab, platform } = await startTabs({ store });
    const tab = await openTab();
    await tab.ask({ type: "open" });
    store.durable = false;
    await goLive([fromAgent(platform, "m1", "Hello")]);
    assert.equal(tab.changes.flatMap((change) => change.degraded ?? []).length, 1);
    assert.deepEqual(tab.texts(), ["Hello"]);
  });

  test("that the session lives elsewhere, and when there is no place for it at all", async () => {
    const { openTab } = await startTabs();
    const tab = await openTab({ on: null });
    tab.host.onDegraded(new ChatError("CHAT_HOST", "worker: blocked"));
    assert.equal(tab.changes.at(-1)?.degraded?.detail, "worker: blocked");
    const waiting = await tab.ask({ type: "open" });
    const typed = await tab.ask({ type: "send", text: "hi" });
    tab.host.onFailed(new ChatError("CHAT_HOST", "page: no chunk"));
    await settle();
    assert.equal(tab.client.state.phase, "failed");
    assert.deepEqual(tab.client.state.reason, { code: "CHAT_HOST", detail: "page: no chunk" });
    assert.equal(waiting(), "CHAT_HOST", "every promise settles");
    assert.match(String(typed()), /-/, "what was typed is kept");
    assert.equal((await tab.ask({ type: "open" }))(), "CHAT_HOST");
  });

  test("when the hub refuses it at the join: every command fails with that reason, and what was typed stays", async () => {
    const { openTab } = await startTabs();
    const storage = mapStorage();
    const tab = await openTab({ storage, options: { ...OPTIONS, broker: "none" } });
    assert.equal(tab.client.state.reason?.code, "CHAT_CONFIGURATION");
    assert.equal((await tab.ask({ type: "open" }))(), "CHAT_CONFIGURATION");
    const outcome = await tab.ask({ type: "send", text: "hi" });
    assert.ok([...storage.map.values()][0]?.includes(String(outcome())), "kept, with the id that it resolves with");
  });

  test("after its close is nothing, and what it asks then fails at once", async () => {
    const { goLive, openTab, platform } = await startTabs();
    const tab = await openTab();
    await tab.ask({ type: "open" });
    tab.client.close();
    const before = tab.changes.length;
    await goLive([fromAgent(platform, "m1", "Hello")]);
    assert.equal(tab.changes.length, before);
    assert.equal((await tab.ask({ type: "open" }))(), "CHAT_INTERRUPTED");
  });

  test("in one tab is what the others are told", async () => {
    const { goLive, openTab, platform } = await startTabs();
    const [one, two] = [await openTab(), await openTab()];
    await one.ask({ type: "send", text: "hi" });
    await goLive([fromAgent(platform, "m1", "Hello")]);
    assert.deepEqual(two.texts(), ["Hello", "hi"]);
    assert.deepEqual(two.client.messages, one.client.messages);
    assert.equal(two.client.messages, two.client.messages, "the list is made once for each change");
  });
});
