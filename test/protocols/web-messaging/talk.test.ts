/** Talks over real sockets: our session, a TCP proxy, and the sandbox, which is held to the protocol by a client that is not ours. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Message } from "../../../src/chat/message.ts";
import type { DeploymentOptions } from "../../../src/sandbox/web-messaging/deployment.ts";
import { allSent, type RealTalk, startTalk } from "../../support/real-talk.ts";
import { readFixture } from "../../support/web-messaging-script.ts";
// Under a virtual clock nothing waits for a chunk.
import "../../../src/protocols/web-messaging/afterwards.ts";
import "../../../src/protocols/web-messaging/history.ts";
import "../../../src/protocols/web-messaging/replies.ts";

const DEPLOYMENT: DeploymentOptions = { id: "9d8b7c6a-1122-4c33-8d44-556677889900", humanize: { enabled: true } };

const begin = (deployment: Partial<DeploymentOptions> = {}, more: Parameters<typeof startTalk>[0] = {}) =>
  startTalk({ ...more, deployment: { ...DEPLOYMENT, ...deployment } });

const untilSent = (talk: RealTalk) => talk.until(() => allSent(talk));
const find = (talk: RealTalk, text: string): Message | undefined =>
  [...talk.session.chat.messages.values()].find((message) => message.text === text);
const untilThere = (talk: RealTalk, text: string) => talk.until(() => find(talk, text) !== undefined);
const untilPhase = (talk: RealTalk, phase: string) => talk.until(() => talk.session.chat.state.phase === phase);

describe("a talk with the sandbox", () => {
  test("texts both ways, each once, in the order typed", async () => {
    const talk = await begin();
    for (const text of ["one", "two", "three", "four"]) await talk.say(text);
    await untilSent(talk);
    await talk.agentSays("five");
    await untilThere(talk, "five");
    assert.deepEqual(talk.texts(), ["one", "two", "three", "four", "five"]);
    assert.deepEqual(await talk.arrived(), ["one", "two", "three", "four", "five"]);
  });

  test("thirty texts pasted at once arrive, and none is refused as one too many (row 38)", async () => {
    const talk = await begin({ limits: { messagesPerSecond: 2 } });
    const texts = Array.from({ length: 30 }, (_, n) => `text ${n}`);
    for (const text of texts) await talk.say(text);
    await untilSent(talk);
    assert.deepEqual(await talk.arrived(), texts);
    const refused = (await talk.log()).filter(({ frame }) => frame?.class === "TooManyRequestsErrorMessage");
    assert.deepEqual(refused, []);
  });

  test("the worker goes and comes back: the same session, with what was said meanwhile", async () => {
    const talk = await begin();
    await talk.say("before");
    await untilSent(talk);
    await talk.restart();
    await talk.agentSays("meanwhile");
    await talk.untilLive();
    await untilThere(talk, "meanwhile");
    assert.deepEqual(talk.texts(), ["before", "meanwhile"]);
    assert.equal((await talk.state()).sessions.length, 1);
  });

  for (const tracingIdInHistory of [true, false]) {
    test(`a socket that dies before the echo costs no message and makes no second one, history ${tracingIdInHistory ? "with" : "without"} tracing ids (rows 1, 3)`, async () => {
      const talk = await begin({ switches: { tracingIdInHistory } });
      await talk.say("first");
      await untilSent(talk);
      await talk.fault({ kind: "frame", direction: "out" }, { suppress: true }, 1);
      await talk.say("second");
      await talk.until(async () => (await talk.arrived()).length === 2);
      await talk.control("sockets/close", { abnormal: true });
      await untilSent(talk);
      assert.deepEqual(await talk.arrived(), ["first", "second"]);
      assert.deepEqual(talk.texts(), ["first", "second"]);
    });
  }

  test("messages that overtake each other stand in their order (row 29)", async () => {
    const talk = await begin({ switches: { order: "mixed" } });
    const texts = Array.from({ length: 12 }, (_, n) => `text ${n}`);
    for (const text of texts) {
      await talk.agentSays(text);
      // Two that share a time have no order but that of their ids.
      await talk.platform.pass(1);
    }
    for (const text of texts) await untilThere(talk, text);
    assert.deepEqual(
      talk.texts().filter((text) => text?.startsWith("text")),
      texts,
    );
  });

  test("rich messages are answered in the form of Genesys' own web client, and each answer arrives", async () => {
    const talk = await begin();
    const send = async (name: string) => {
      const { body } = readFixture(`server/structuredMessage.structured.${name}`) as { body: Record<string, unknown> };
      await talk.control("agent", { do: "content", content: body.content, text: body.text });
      await untilThere(talk, body.text as string);
      return find(talk, body.text as string) as Message;
    };
    const reply = (to: Message, text: string, payload: string, answer?: object) =>
      talk.dispatch({ type: "reply", to: to.id, text, payload, answer } as never);
    await reply(await send("quickReplies"), "Track order", "TRACK");
    await reply(await send("card"), "Book now", "book-42", { type: "card" });
    await reply(await send("datePicker"), "12/05/2031", "2031-05-12T09:30:00.000Z", { type: "date" });
    const items = [{ text: "Olives", payload: "item-olives" }];
    await reply(await send("listPicker"), "One topping", "item-olives", { type: "list", items });
    const fields = [{ id: "field-name", text: "Ada", payload: "Ada" }];
    await reply(await send("form"), "Form sent", "", { type: "form", cannedResponseId: "c-1", fields });
    await untilSent(talk);
    assert.equal(talk.deliveries().length, 5);
    assert.equal((await talk.arrived()).length, 10);
  });

  test("an agent who leaves for good; a new conversation on the same token; and back to writing (row 64)", async () => {
    const talk = await begin({ disconnect: { enabled: true, type: "ReadOnly" } });
    await talk.say("first talk");
    await untilSent(talk);
    await talk.control("agent", { do: "leave" });
    await untilPhase(talk, "readonly");
    await talk.dispatch({ type: "start-new" });
    await talk.untilLive();
    await talk.say("second talk");
    await untilSent(talk);
    assert.deepEqual(talk.texts(), ["first talk", "second talk"]);
    const actions = (await talk.log()).flatMap(({ direction, frame }) =>
      direction === "in" && frame?.action?.includes("Session")
        ? [`${frame.action} ${frame.startNew ?? ""}`.trim()]
        : [],
    );
    assert.deepEqual(actions, [
      "configureSession false",
      "configureSession false",
      "closeSession",
      "configureSession true",
    ]);
  });

  test("a look back at what is over takes one connection, and leaves it as it is", async () => {
    const talk = await begin({ disconnect: { enabled: true, type: "ReadOnly" } });
    await talk.agentSays(...Array.from({ length: 30 }, (_, n) => `text ${n}`));
    await untilThere(talk, "text 29");
    await talk.control("agent", { do: "leave" });
    await untilPhase(talk, "readonly");
    await talk.restart();
    const before = talk.sockets.length;
    let looked = false;
    const done = talk.dispatch({ type: "load-earlier" }).then(() => {
      looked = true;
    });
    await talk.until(() => looked);
    await done;
    assert.equal(talk.sockets.length, before + 1);
    assert.equal(talk.session.chat.state.phase, "readonly");
    assert.equal(talk.texts().length, 30);
    await talk.dispatch({ type: "start-new" });
    await talk.untilLive();
    await talk.say("second talk");
    await untilSent(talk);
  });

  test("cleared by the guest: gone here, and the next message begins afresh (row 65)", async () => {
    const talk = await begin();
    await talk.say("secret");
    await untilSent(talk);
    const cleared = talk.dispatch({ type: "clear" });
    await talk.until(() => talk.session.chat.messages.size === 0);
    await cleared;
    await talk.untilLive();
    await talk.say("afresh");
    await untilSent(talk);
    assert.deepEqual(talk.texts(), ["afresh"]);
  });

  test("an expired session rests; what the guest writes next begins another (rows 62, 63)", async () => {
    const talk = await begin({ limits: { sessionSeconds: 360 } });
    await talk.say("first");
    await untilSent(talk);
    await talk.until(() => talk.session.chat.state.expiresAt !== undefined, 900, 1_000);
    await talk.until(() => talk.session.chat.state.phase === "idle", 600, 1_000);
    await talk.say("second");
    await untilSent(talk);
    assert.deepEqual(talk.texts(), ["first", "second"]);
    assert.equal(talk.deliveries().length, 2);
  });

  test("200 messages page by page, 25 at a time", async () => {
    const talk = await begin({ limits: { historyPerMinute: 10 } });
    await talk.say("hello");
    await untilSent(talk);
    talk.session.stop();
    const texts = Array.from({ length: 199 }, (_, n) => `text ${n}`);
    await talk.agentSays(...texts);
    await talk.restart();
    await untilThere(talk, "text 0");
    assert.equal(talk.texts().length, 200);
  });
});
