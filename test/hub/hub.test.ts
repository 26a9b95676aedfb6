/** The hub: many tabs, one session; what each tab is told, and what a hub makes of tabs that talk nonsense. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createHub } from "../../src/hub/hub.ts";
import type { HubPort } from "../../src/hub/port.ts";
import { memoryStore } from "../../src/session/store.ts";
import { settle } from "../support/fake-platform.ts";
import { fromAgent, sentFrames, startScene } from "../support/guest-api-script.ts";
import { joinOf, joinTab, OPTIONS, openTab } from "./support.ts";

/** A hub with a real session behind it, and the number of times that it was opened. */
async function startHub(given: Parameters<typeof startScene>[0] = {}) {
  const scene = await startScene(given);
  const gone = new Map<string, () => void>();
  const opened = { count: 0 };
  const hub = createHub({
    async openSession() {
      opened.count += 1;
      return scene.session;
    },
    whenGone: (tab) => new Promise((resolve) => gone.set(tab, resolve)),
  });
  return { ...scene, hub, gone, opened };
}

/** A store that holds so many messages of an agent's, named by their place. */
async function storeOf(count: number) {
  const store = memoryStore();
  for (let n = 1; n <= count; n += 1) {
    const id = `m${String(n).padStart(4, "0")}`;
    await store.put("messages", id, { id, serverId: id, from: "agent", text: id, sentAt: n });
  }
  return store;
}

test("what has come to a hub as it leaves is not begun by it any more", async () => {
  const store = memoryStore();
  await store.put("keep", "standing", { epoch: "e", readonly: true, skew: 0 });
  const { hub, platform } = await startHub({ store });
  let tell = (_: unknown) => {};
  const listen = (listener: typeof tell) => {
    tell = listener;
    return () => {};
  };
  hub.accept({ post() {}, listen, close() {} } as HubPort);
  // The session is not open yet: what is asked of it waits.
  tell(joinOf("tab"));
  tell({ id: "1", command: { type: "start-new" }, at: 0 });
  hub.close();
  await platform.pass(1_000);
  assert.equal(platform.sockets.length, 0);
  assert.equal(platform.requests.length, 0);
});

describe("a tab that joins", () => {
  test("gets the state and the last 50 messages in one update, and is told that there are more", async () => {
    const { hub } = await startHub({ store: await storeOf(120) });
    const tab = await joinTab(hub);
    assert.equal(tab.updates.length, 1);
    assert.equal(tab.updates[0]?.reset, true);
    assert.deepEqual([tab.texts().length, tab.texts()[0], tab.texts().at(-1)], [50, "m0071", "m0120"]);
    assert.equal(tab.chat.state.earlier, true);
    assert.equal(tab.chat.state.phase, "idle");
  });

  test("loads earlier messages page by page until there are none", async () => {
    const { hub } = await startHub({ store: await storeOf(120) });
    const tab = await joinTab(hub);
    const other = await joinTab(hub, "other");
    assert.deepEqual(await tab.ask({ type: "load-earlier" }, "1"), { ok: true });
    assert.deepEqual([tab.texts().length, tab.chat.state.earlier], [100, true]);
    await tab.ask({ type: "load-earlier" }, "2");
    assert.deepEqual([tab.texts().length, tab.chat.state.earlier], [120, false]);
    assert.deepEqual(await tab.ask({ type: "load-earlier" }, "3"), { ok: true });
    assert.equal(tab.texts().length, 120);
    assert.equal(other.texts().length, 50, "only the tab that asked");
  });

  test("of exactly 50 messages has them all", async () => {
    const { hub } = await startHub({ store: await storeOf(50) });
    const tab = await joinTab(hub);
    assert.deepEqual([tab.texts().length, tab.chat.state.earlier], [50, false]);
  });

  test("while more texts than a page wait to be sent is told what an agent writes meanwhile", async () => {
    const { hub, ask, goLive, platform } = await startHub();
    for (let n = 0; n < 60; n += 1) await ask({ type: "send", text: `text ${n}` });
    const tab = await joinTab(hub);
    assert.equal(tab.texts().length, 60);
    await goLive();
    await platform.socket.send({ type: "message", payload: fromAgent(platform, "s-1", "Hello") });
    assert.ok(tab.texts().includes("Hello"), tab.texts().join());
  });

  test("shares the session with those that are there", async () => {
    const { hub, opened } = await startHub();
    await Promise.all([joinTab(hub, "a"), joinTab(hub, "b"), joinTab(hub, "c")]);
    assert.equal(opened.count, 1);
  });

  test("is told when the session cannot be opened, and the next one tries again", async () => {
    const { session } = await startScene();
    let fails = true;
    const hub = createHub({
      async openSession() {
        if (fails) throw new Error("no chunk");
        return session;
      },
    });
    const first = await joinTab(hub);
    assert.equal(first.chat.state.phase, "failed");
    assert.equal(first.chat.state.reason?.code, "CHAT_INTERNAL");
    fails = false;
    assert.equal((await joinTab(hub)).chat.state.phase, "idle");
  });
});

describe("tabs that are there", () => {
  test("are told the same, at the same time", async () => {
    const { goLive, hub, platform } = await startHub();
    const one = await joinTab(hub, "one");
    const two = await joinTab(hub, "two");
    await one.ask({ type: "send", text: "hi" }, "a");
    await goLive([fromAgent(platform, "m1", "Hello")]);
    assert.deepEqual(one.texts(), ["Hello", "hi"]);
    assert.deepEqual(two.texts(), one.texts());
    assert.deepEqual(two.chat.state, one.chat.state);
    assert.equal(two.settled.a, undefined, "an answer goes to who asked");
  });

  test("are not sent what is older than their page, except the guest's own", async () => {
    const { goLive, hub, platform, session } = await startHub({ store: await storeOf(120) });
    const tab = await joinTab(hub);
    await tab.ask({ type: "open" }, "1");
    await goLive([{ ...fromAgent(platform, "old", "old"), sentAt: new Date(5).toISOString() }]);
    assert.ok(session.chat.messages.has("old"));
    assert.ok(!tab.texts().includes("old"));
    await tab.ask({ type: "send", text: "mine" }, "a");
    await platform.socket.send({
      type: "message",
      payload: { id: "s1", clientId: "a", from: "guest", text: "mine", sentAt: new Date(6).toISOString() },
    });
    assert.equal(tab.chat.messages.get("a")?.delivery, "sent");
  });

  test("that have gone get nothing any more", async () => {
    const { goLive, gone, hub, platform } = await startHub();
    const tab = await joinTab(hub, "one");
    const other = await joinTab(hub, "two");
    await tab.ask({ type: "open" }, "1");
    gone.get("one")?.();
    await settle();
    const before = tab.updates.length;
    await goLive([fromAgent(platform, "m1", "Hello")]);
    assert.equal(tab.updates.length, before);
    assert.deepEqual(other.texts(), ["Hello"]);
  });

  test("that join a hub that has just left hear nothing, so that what they say is asked of the next one", async () => {
    const { hub, opened } = await startHub();
    const tab = openTab(hub);
    hub.close();
    await tab.post(joinOf("late"));
    await tab.post({ id: "a", at: 1, command: { type: "send", text: "hi" } });
    assert.deepEqual(tab.updates, []);
    assert.equal(opened.count, 0);
  });

  test("hear nothing of the end when the hub leaves", async () => {
    const { goLive, hub, platform } = await startHub();
    const tab = await joinTab(hub);
    await tab.ask({ type: "open" }, "1");
    await goLive();
    const before = tab.updates.length;
    hub.close();
    await settle();
    assert.ok(platform.socket.closedWith);
    assert.equal(tab.updates.length, before);
  });
});

describe("a command", () => {
  test("that is repeated is answered again and done once", async () => {
    const { goLive, hub, platform } = await startHub();
    const tab = await joinTab(hub);
    const first = await tab.ask({ type: "send", text: "hi" }, "a");
    assert.deepEqual(first, { ok: true, value: "a" });
    delete tab.settled.a;
    assert.deepEqual(await tab.ask({ type: "send", text: "hi" }, "a"), first);
    await goLive();
    await tab.ask({ type: "end" }, "b");
    await tab.ask({ type: "end" }, "b");
    assert.equal(sentFrames(platform, "message").length, 1);
    assert.equal(sentFrames(platform, "terminate").length, 1);
  });

  test("that failed fails the same way when it is repeated, and names its reason", async () => {
    const { hub } = await startHub();
    const tab = await joinTab(hub);
    const failed = await tab.ask({ type: "send", text: "  " }, "a");
    assert.equal(failed?.ok === false && failed.error.code, "CHAT_TEXT_EMPTY");
    assert.deepEqual(await tab.ask({ type: "send", text: "  " }, "a"), failed);
  });

  test("that no one knows, or whose fields are wrong, is refused and not done", async () => {
    const { hub, session } = await startHub();
    const tab = await joinTab(hub);
    const wrong: unknown[] = [
      { type: "explode" },
      { type: "toString" },
      { type: "__proto__" },
      { type: "send" },
      { type: "send", text: 7 },
      { type: "reply", text: "x" },
      { type: "set-attributes", attributes: [] },
      { type: "visible", on: "yes" },
      null,
      "send",
      undefined,
    ];
    for (const [index, command] of wrong.entries()) {
      const id = `c${index}`;
      await tab.post({ id, command, at: 1 });
      const answer = tab.settled[id];
      assert.equal(answer?.ok === false && answer.error.code, "CHAT_UNSUPPORTED", JSON.stringify(command));
    }
    assert.equal(session.chat.messages.size, 0);
  });

  test("typed in a conversation that was erased since is not continued in another", async () => {
    const { hub, session } = await startHub();
    const tab = await joinTab(hub);
    const answer = await tab.ask({ type: "send", text: "hi" }, "a", "another-epoch");
    assert.equal(answer?.ok === false && answer.error.code, "CHAT_INTERRUPTED");
    assert.equal(session.chat.messages.size, 0);
    assert.deepEqual(await tab.ask({ type: "send", text: "hi" }, "b", tab.chat.state.epoch), { ok: true, value: "b" });
  });
});

describe("nonsense on a port", () => {
  test("is ignored, and the next command is done", async () => {
    const { hub } = await startHub();
    const tab = await joinTab(hub);
    const before = tab.updates.length;
    const nonsense = [undefined, null, 0, "x", [], {}, { id: 7 }, { id: "a", at: "now" }, { id: "a", at: 1, epoch: 5 }];
    for (const message of nonsense) await tab.post(message);
    await tab.post(joinOf("again"));
    assert.equal(tab.updates.length, before);
    assert.deepEqual(await tab.ask({ type: "open" }, "1"), { ok: true, value: undefined });
  });

  test("an id that is a name of the language's is an id like any other", async () => {
    const { hub } = await startHub();
    const tab = await joinTab(hub);
    await tab.post({ id: "__proto__", at: 1, command: { type: "open" } });
    const { settled = {} } = tab.updates.at(-1) ?? {};
    assert.deepEqual(Object.keys(settled), ["__proto__"]);
    assert.equal(({} as { ok?: boolean }).ok, undefined);
  });

  for (const [what, first, code] of [
    ["of another version", joinOf("tab", OPTIONS, 2), "CHAT_RELOAD_NEEDED"],
    ["that begins with a command", { id: "a", at: 1, command: { type: "open" } }, "CHAT_RELOAD_NEEDED"],
    ["that begins with nothing", null, "CHAT_RELOAD_NEEDED"],
    ["without a broker", joinOf("tab", { ...OPTIONS, broker: "" }), "CHAT_CONFIGURATION"],
    ["with a broker that is no URL", joinOf("tab", { ...OPTIONS, broker: "broker.test" }), "CHAT_CONFIGURATION"],
    ["with a dialect that is not there", joinOf("tab", { ...OPTIONS, protocol: "smoke" }), "CHAT_CONFIGURATION"],
    ["with options that are none", joinOf("tab", [] as object), "CHAT_CONFIGURATION"],
  ] as const) {
    test(`a tab ${what} is told ${code}, and no session is opened for it`, async () => {
      const { hub, opened } = await startHub();
      const tab = openTab(hub);
      await tab.post(first);
      assert.equal(tab.chat.state.phase, "failed");
      assert.equal(tab.chat.state.reason?.code, code);
      assert.equal(opened.count, 0);
      await tab.post({ id: "b", at: 1, command: { type: "open" } });
      assert.equal((await joinTab(hub)).chat.state.phase, "idle", "and nobody else is harmed");
    });
  }
});

describe("a chat that is seen", () => {
  const visibleMs = async (tab: Awaited<ReturnType<typeof joinTab>>, id: string) => {
    const settled = await tab.ask({ type: "metrics" }, id);
    return settled?.ok && (settled.value as { visible_ms: number }).visible_ms;
  };

  async function startTwoTabs() {
    const scene = await startHub();
    const [first, second] = [await joinTab(scene.hub, "first"), await joinTab(scene.hub, "second")];
    await first.ask({ type: "open" }, "open");
    await scene.goLive();
    return { ...scene, first, second };
  }

  test("in one of two tabs is seen, and in both no longer than that", async () => {
    const { first, platform, second } = await startTwoTabs();
    await first.ask({ type: "visible", on: true }, "1");
    await second.ask({ type: "visible", on: true }, "2");
    await platform.pass(4_000);
    await first.ask({ type: "visible", on: false }, "3");
    await platform.pass(2_000);
    await second.ask({ type: "visible", on: false }, "4");
    await platform.pass(8_000);
    assert.equal(await visibleMs(first, "5"), 6_000);
  });

  test("in a tab that crashed is seen no longer, and what there is to report is reported", async () => {
    const { first, gone, platform, reports, second } = await startTwoTabs();
    await second.ask({ type: "visible", on: true }, "1");
    await platform.pass(4_000);
    gone.get("second")?.();
    await settle();
    await platform.pass(8_000);
    assert.equal(await visibleMs(first, "2"), 4_000);
    while (reports.length === 0) await settle();
  });
});
