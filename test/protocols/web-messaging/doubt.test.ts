/** A text of which nobody knows whether it has arrived, over web messaging: the platform may take a second copy, so none is sent. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startWebScene, type WebScene } from "../../support/web-messaging-scene.ts";
import { echo, event, frame, message, said } from "../../support/web-messaging-script.ts";

const at = (second: number) => `2031-05-10T08:15:${String(second).padStart(2, "0")}.000Z`;

async function startLive(given = {}) {
  const scene = await startWebScene(given);
  await scene.ask({ type: "open" });
  await scene.goLive();
  return scene;
}

/** The line dies, and the next socket is there, not yet open. */
async function cut({ platform }: WebScene) {
  await platform.socket.close(1006);
  await platform.pass(2_000);
}

const tooMany = (tracingId: string | undefined, retryAfter: number) =>
  frame("TooManyRequestsErrorMessage", { retryAfter, errorCode: 429 }, { type: "response", code: 429, tracingId });

describe("a message in doubt", () => {
  async function loseEcho(past: object[] = []) {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "Welcome" }));
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    scene.past.push(message({ id: "s-0", text: "Welcome" }), ...(past as never[]));
    await scene.platform.socket.close(1006);
    await scene.platform.pass(2_000);
    return scene;
  }
  const inbound = { id: "s-1", text: "Hello", direction: "Inbound", at: at(5) };

  for (const [how, entity] of [
    ["by its tracing id", { ...inbound, tracingId: "m-1" }],
    ["by its metadata", { ...inbound, metadata: { id: "m-1" } }],
    ["by what it says", inbound],
  ] as const) {
    test(`is found in the history ${how}: sent, and not sent again (row 3)`, async () => {
      const scene = await loseEcho([message(entity)]);
      await scene.goLive({ newSession: false });
      assert.deepEqual(scene.texts(), ["Welcome", "Hello"]);
      assert.deepEqual(scene.deliveries(), ["sent"]);
      assert.equal(scene.sent("onMessage").length, 0);
    });
  }

  test("is not there: unconfirmed, and only the guest sends it again, with the same id (row 1)", async () => {
    const scene = await loseEcho();
    await scene.goLive({ newSession: false });
    assert.deepEqual(scene.deliveries(), ["unconfirmed"]);
    assert.equal(scene.sent("onMessage").length, 0);
    await scene.ask({ type: "retry", message: "m-1" });
    assert.equal(scene.sent("onMessage")[0]?.tracingId, "m-1");
    await scene.tell(echo("m-1", { id: "s-1", text: "Hello" }));
    assert.deepEqual(scene.deliveries(), ["sent"]);
  });

  test("has its echo after all, late: one bubble, sent (row 4)", async () => {
    const scene = await loseEcho();
    await scene.goLive({ newSession: false });
    const late = echo("m-1", { id: "s-1", text: "Hello", at: at(5) });
    await scene.tell(late, late);
    assert.deepEqual(scene.texts(), ["Welcome", "Hello"]);
    assert.deepEqual(scene.deliveries(), ["sent"]);
  });

  test("that a hub left behind is not sent by the next one; what never went out is", async () => {
    const first = await startLive();
    await first.ask({ type: "send", text: "in flight" }, "m-1");
    await first.ask({ type: "send", text: "never left" }, "m-2");
    const next = await first.restart();
    await next.goLive({ newSession: false });
    assert.deepEqual(next.deliveries(), ["unconfirmed", "sending"]);
    assert.deepEqual(
      next.sent("onMessage").map(({ tracingId }) => tracingId),
      ["m-2"],
    );
  });
});

test("a text that is on its way as the conversation ends may have arrived: it is not told as failed; those behind it are (row 64)", async () => {
  const scene = await startLive();
  await scene.ask({ type: "send", text: "on its way" }, "m-1");
  await scene.ask({ type: "send", text: "behind it" }, "m-2");
  await scene.tell(
    event([{ eventType: "Presence", presence: { type: "Disconnect" } }], { metadata: { readOnly: "true" } }),
  );
  assert.deepEqual(
    scene
      .messages()
      .map(({ text, delivery, error }) => [text, delivery, error?.code])
      .filter(([text]) => text),
    [
      ["on its way", "unconfirmed", undefined],
      ["behind it", "failed", "CHAT_ENDED"],
    ],
  );
});

describe("what a history tells late", () => {
  const welcome = message({ id: "s-0", text: "Welcome" });
  /** As a platform has it that does not tell our ids. */
  const hello = (id: string, second: number) => message({ id, text: "Hello", direction: "Inbound", at: at(second) });

  /** "Hello" was sent, and neither its echo nor the history came: unconfirmed. */
  async function giveUp(given = {}) {
    let pages: Response | undefined = new Response("no", { status: 500 });
    const scene = await startLive({ ...given, page: () => pages });
    await scene.tell(said({ id: "s-0", text: "Welcome" }));
    scene.past.push(welcome);
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    await cut(scene);
    await scene.goLive({ newSession: false });
    await scene.platform.pass(5_000);
    assert.deepEqual(scene.deliveries(), ["unconfirmed"]);
    return {
      ...scene,
      platform: scene.platform,
      session: scene.session,
      comeBack() {
        pages = undefined;
      },
    };
  }

  for (const [how, entity] of [
    ["by our id", { ...hello("s-1", 5), tracingId: "m-1" }],
    ["by its words", hello("s-1", 5)],
  ] as const) {
    test(`of a text that was given up, ${how}: it is sent, and there is no second bubble`, async () => {
      const scene = await giveUp();
      scene.past.push(entity);
      await cut(scene);
      scene.comeBack();
      await scene.goLive({ newSession: false });
      assert.deepEqual(scene.texts(), ["Welcome", "Hello"]);
      assert.deepEqual(scene.deliveries(), ["sent"]);
    });
  }

  test("of the first text of all, which was given up: it is sent, and there is no second bubble", async () => {
    let pages: Response | undefined = new Response("no", { status: 500 });
    const scene = await startLive({ page: () => pages });
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    scene.past.push(hello("s-1", 5));
    for (let times = 0; times < 2; times += 1) {
      await cut(scene);
      await scene.goLive({ newSession: false });
      await scene.platform.pass(5_000);
      pages = undefined;
    }
    assert.deepEqual(scene.texts(), ["Hello"]);
    assert.deepEqual(scene.deliveries(), ["sent"]);
  });

  /** More was missed than a page holds, and what came last is there. */
  async function missMuch(scene: WebScene) {
    const texts = Array.from({ length: 30 }, (_, n) => ({ id: `t-${n}`, text: `text ${n}`, at: at(10 + n) }));
    scene.past.push(...texts.map((each) => message(each)));
    await scene.tell(said(texts.at(-1) as never));
  }

  test("is asked for by the next connection too, where this one had to go on without: what came since does not hide it", async () => {
    const scene = await giveUp();
    await missMuch(scene);
    await cut(scene);
    scene.comeBack();
    await scene.goLive({ newSession: false });
    assert.ok(scene.texts().includes("text 0"), scene.texts().join());
  });

  test("is asked for as long as the connection lives, however often it could not be had", async () => {
    const scene = await giveUp();
    scene.past.push(message({ id: "s-1", text: "missed", at: at(5) }));
    await scene.platform.pass(120_000);
    assert.ok(!scene.texts().includes("missed"));
    scene.comeBack();
    await scene.platform.pass(61_000);
    assert.ok(scene.texts().includes("missed"), scene.texts().join());
    assert.equal(scene.platform.sockets.length, 2);
  });

  test("is asked for though a connection that never got as far had brought what came after it", async () => {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "Welcome" }));
    scene.past.push(welcome, message({ id: "s-1", text: "missed", at: at(5) }));
    await cut(scene);
    await scene.platform.socket.open();
    await missMuch(scene);
    await cut(scene);
    await scene.goLive({ newSession: false });
    assert.ok(scene.texts().includes("missed"), scene.texts().join());
  });

  test("is not asked for by a connection that has gone meanwhile", async () => {
    const page = () => Promise.reject(new TypeError("Failed to fetch"));
    const scene = await startLive({ page });
    await scene.tell(said({ id: "s-0", text: "Welcome" }));
    await cut(scene);
    await scene.goLive({ newSession: false });
    await scene.platform.pass(5_000);
    await scene.platform.socket.close(1006);
    const asked = scene.pages.length;
    assert.ok(asked > 1, `${asked} pages`);
    await scene.platform.pass(40_000);
    assert.equal(scene.pages.length, asked);
  });

  test("is asked for by the next hub too", async () => {
    const scene = await giveUp();
    await missMuch(scene);
    const next = await scene.restart({ page: () => undefined });
    await next.goLive({ newSession: false });
    assert.ok(next.texts().includes("text 0"), next.texts().join());
  });

  test("of a text that was sent and confirmed meanwhile is not taken for the one that says the same and was given up", async () => {
    const scene = await giveUp();
    await scene.ask({ type: "send", text: "Hello" }, "m-2");
    await scene.tell(echo("m-2", { id: "s-2", text: "Hello", at: at(7) }));
    scene.past.push(hello("s-2", 7));
    scene.comeBack();
    await scene.platform.pass(20_000);
    assert.deepEqual(scene.texts().sort(), ["Hello", "Hello", "Welcome"]);
    assert.deepEqual(scene.deliveries().sort(), ["sent", "unconfirmed"]);
  });

  test("of a text that is on its way on this very connection: it is sent, and there is no second bubble", async () => {
    const scene = await giveUp();
    await scene.ask({ type: "send", text: "on its way" }, "m-2");
    scene.past.push(message({ id: "s-2", text: "on its way", direction: "Inbound", at: at(7) }));
    scene.comeBack();
    await scene.platform.pass(8_000);
    assert.deepEqual(scene.texts().sort(), ["Hello", "Welcome", "on its way"]);
    assert.deepEqual(scene.deliveries().sort(), ["sent", "unconfirmed"]);
  });

  test("of a text that stands before what came after it, whose echo alone was lost: one bubble, sent", async () => {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "Welcome" }));
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    await scene.tell(said({ id: "s-2", text: "Hi", at: at(6) }));
    scene.past.push(welcome, hello("s-1", 5), message({ id: "s-2", text: "Hi", at: at(6) }));
    await cut(scene);
    await scene.goLive({ newSession: false });
    assert.deepEqual(scene.texts(), ["Welcome", "Hello", "Hi"]);
    assert.deepEqual(scene.deliveries(), ["sent"]);
  });

  test("of a text behind more than a page of what others have written since: one bubble, sent", async () => {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "Welcome" }));
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    const texts = Array.from({ length: 30 }, (_, n) => ({ id: `t-${n}`, text: `text ${n}`, at: at(10 + n) }));
    await scene.tell(...texts.map((each) => said(each)));
    scene.past.push(welcome, hello("s-1", 5), ...texts.map((each) => message(each)));
    await cut(scene);
    await scene.goLive({ newSession: false });
    assert.deepEqual(scene.deliveries(), ["sent"]);
    assert.deepEqual(scene.pages, [1, 2]);
  });

  test("of a text that was given up where the history did not come, though others of his are newer: one bubble, sent", async () => {
    const scene = await giveUp();
    scene.past.push(
      hello("s-1", 5),
      ...Array.from({ length: 30 }, (_, n) => message({ id: `t-${n}`, text: `text ${n}`, at: at(6) })),
    );
    await scene.tell(said({ id: "t-29", text: "text 29", at: at(6) }));
    await scene.ask({ type: "send", text: "Are you there?" }, "m-2");
    await scene.tell(echo("m-2", { id: "s-2", text: "Are you there?", at: at(7) }));
    scene.past.push(message({ id: "s-2", text: "Are you there?", direction: "Inbound", at: at(7) }));
    await cut(scene);
    scene.comeBack();
    await scene.goLive({ newSession: false });
    assert.deepEqual(scene.deliveries(), ["sent", "sent"]);
    assert.equal(scene.texts().filter((text) => text === "Hello").length, 1);
  });

  test("by its own id, to a hub that found no disk, is one with what the disk has by ours", async () => {
    const first = await startLive();
    await first.ask({ type: "send", text: "Hello" }, "m-1");
    await first.tell(echo("m-1", { id: "s-1", text: "Hello", at: at(5) }));
    first.past.push(hello("s-1", 5));
    await first.store.put("messages", "s-1", {
      id: "s-1",
      serverId: "s-1",
      from: "guest",
      text: "Hello",
      sentAt: Date.parse(at(5)),
    });
    const next = await first.restart();
    await next.goLive({ newSession: false });
    assert.deepEqual(next.texts(), ["Hello"]);
    assert.equal(next.store.all("messages").length, 1);
  });
});

describe("a text that is one too many", () => {
  test("goes again though the hub that was told so has gone", async () => {
    const first = await startLive();
    await first.ask({ type: "send", text: "Hello" }, "m-1");
    await first.tell(tooMany("m-1", 30));
    const next = await first.restart();
    await next.goLive({ newSession: false });
    assert.deepEqual(next.deliveries(), ["sending"]);
    assert.equal(next.sent("onMessage").length, 1);
  });

  test("is not the one on its way where something else was: that does not go again before its echo", async () => {
    const scene = await startLive();
    await scene.ask({ type: "typing", on: true });
    await scene.platform.pass(2_000);
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    const [typing] = scene.sent("onMessage");
    await scene.tell(tooMany(typing?.tracingId, 3));
    await scene.ask({ type: "send", text: "and more" }, "m-2");
    await scene.platform.pass(4_000);
    assert.equal(scene.sent("onMessage").length, 2);
    await scene.tell(echo("m-1", { id: "s-1", text: "Hello", at: at(5) }));
    assert.equal(scene.sent("onMessage").at(-1)?.tracingId, "m-2");
  });

  test("waits where a request of another kind was told so", async () => {
    const scene = await startLive();
    const cleared = scene.ask({ type: "clear" });
    cleared.catch(() => {});
    await scene.platform.pass(0);
    const [clear] = scene.sent("onMessage");
    await scene.tell(tooMany(clear?.tracingId, 5));
    await assert.rejects(cleared);
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    assert.equal(scene.sent("onMessage").length, 1);
    await scene.platform.pass(5_000);
    assert.equal(scene.sent("onMessage").at(-1)?.tracingId, "m-1");
  });

  test("of two a second is slowed down for that second, not for the minute", async () => {
    const scene = await startLive();
    await scene.ask({ type: "send", text: "text 1" }, "m-1");
    await scene.tell(tooMany("m-1", 1));
    const { socket } = scene.platform;
    const answer = socket.onSent;
    socket.onSent = (sent) => {
      const { action, tracingId } = sent as unknown as { action: string; tracingId: string };
      if (action === "onMessage") void scene.tell(echo(tracingId, { id: `s-${tracingId}`, text: tracingId }));
      else answer(sent);
    };
    for (let n = 2; n <= 12; n += 1) await scene.ask({ type: "send", text: `text ${n}` }, `m-${n}`);
    await scene.platform.pass(10_000);
    assert.equal(scene.deliveries().filter((delivery) => delivery === "sent").length, 12);
  });
});

test("three texts that were typed before the chat was live do not go out within a second", async () => {
  const scene = await startWebScene();
  await scene.ask({ type: "open" });
  for (const n of [1, 2, 3]) await scene.ask({ type: "send", text: `text ${n}` }, `m-${n}`);
  await scene.goLive();
  for (const n of [1, 2]) await scene.tell(echo(`m-${n}`, { id: `s-${n}`, text: `text ${n}`, at: at(n) }));
  assert.equal(scene.sent("onMessage").length, 2);
  await scene.platform.pass(1_100);
  assert.equal(scene.sent("onMessage").length, 3);
});

test("before a text goes out it is on disk as one that may have arrived", async () => {
  const scene = await startLive();
  const { socket } = scene.platform;
  let kept: unknown;
  socket.onSent = () => {
    [kept] = scene.store.all("messages");
  };
  const { put } = scene.store;
  const puts: Promise<unknown>[] = [];
  scene.store.put = (...given) => {
    const done = new Promise((resolve) => setImmediate(resolve)).then(() => put(...given));
    puts.push(done);
    return done;
  };
  await scene.ask({ type: "send", text: "Hello" }, "m-1");
  await Promise.all(puts);
  assert.equal((kept as { tried?: boolean }).tried, true);
});
