/** Web messaging's limits (section 6 of the protocol): each is enforced, says so in the platform's way, and can be set per deployment. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../../support/eventually.ts";
import { createWireBench } from "./bench.ts";
import { assertFrame } from "./stage.ts";
import { DEPLOYMENT, PAGE } from "./support.ts";

const asRate = (frame: { body: { errorCode: number; retryAfter: number } }) => [
  frame.body.errorCode,
  frame.body.retryAfter,
];

describe("a limit of web messaging", () => {
  test("of a text is 4096 bytes of UTF-8, not characters", () => {
    const guest = createWireBench().join();
    assert.equal(guest.answer(guest.say("é".repeat(2048))).class, "StructuredMessage");
    const refused = guest.answer(guest.say("é".repeat(2049)));
    assertFrame(refused, "error.4011.messageTooLong");
    assert.equal(refused.body, "Text of 4098 bytes exceeds 4096");
  });

  test("of custom attributes counts names and values in bytes, in both places where they may stand", async () => {
    const bench = createWireBench({ limits: { customDataBytes: 10 } });
    const guest = bench.join();
    const fits = { metadata: { customAttributes: { née: "12345" } } };
    assert.equal(guest.answer(guest.say("Hello", { channel: fits })).class, "StructuredMessage");
    const tooLarge = { metadata: { customAttributes: { née: "1234567" } } };
    const message = { type: "Text", text: "Hello" };
    const refused = guest.answer(guest.send("onMessage", { message, channel: tooLarge }));
    assertFrame(refused, "error.4013.customAttributesTooLarge");
    const [session] = (await bench.state()).sessions;
    assert.deepEqual(session.attributes, { née: "12345" });
    assert.equal(session.messages.length, 1, "what came with them is refused, too");
  });

  test("of requests on a connection holds for all of any kind, and leaves the connection open", () => {
    const bench = createWireBench({ limits: { requestsPerMinute: 3 } });
    const guest = bench.join();
    guest.raw("not JSON");
    guest.say("Hello");
    const refused = guest.answer(guest.send("getConfiguration", { deploymentId: DEPLOYMENT }));
    assertFrame(refused, "tooManyRequests");
    assert.deepEqual(asRate(refused), [429, 60]);
    bench.clock.move(60_000);
    assert.equal(guest.answer(guest.say("Hello again")).class, "StructuredMessage");
    assert.equal(guest.closed, undefined);
  });

  test("of messages holds for a session over all its connections, and not for typing", () => {
    const bench = createWireBench({ limits: { messagesPerSecond: 2 } });
    const guest = bench.join();
    const tab = bench.join(guest.token);
    guest.say("one");
    tab.say("two");
    const typing = { type: "Event", events: [{ eventType: "Typing", typing: { type: "On" } }] };
    assert.equal(guest.answer(guest.send("onMessage", { message: typing })).class, "StructuredMessage");
    assert.deepEqual(asRate(guest.answer(guest.say("three"))), [4029, 1]);
  });

  test("of configuring holds for a token, over its connections", () => {
    const bench = createWireBench({ limits: { configuresPerMinute: 2 } });
    const guest = bench.join();
    bench.join(guest.token);
    assert.deepEqual(asRate(guest.configure()), [429, 60]);
    bench.join();
  });

  test("of health checks holds for a connection", () => {
    const bench = createWireBench();
    const guest = bench.join();
    const check = () => guest.answer(guest.send("echo", { message: { type: "Text", text: "ping" } }));
    assert.deepEqual([check().class, check().class], ["StructuredMessage", "StructuredMessage"]);
    assert.deepEqual(asRate(check()), [429, 60]);
    const tab = bench.join(guest.token);
    assert.equal(tab.answer(tab.send("echo")).class, "StructuredMessage");
  });

  test("of connections holds for a session: one more closes the oldest", () => {
    const bench = createWireBench({ limits: { connectionsPerSession: 1 } });
    const first = bench.join();
    const second = bench.join(first.token);
    assert.deepEqual(first.of("ConnectionClosedEvent")[0]?.body, {});
    second.say("Hello");
    assert.equal(first.of("StructuredMessage").length, 0);
    first.configure();
    assert.equal(second.of("ConnectionClosedEvent").length, 1, "who takes over is the newest");
  });

  test("of history refuses the eleventh page of a minute", async () => {
    const bench = createWireBench();
    const guest = bench.join();
    guest.send("getJwt");
    const { jwt } = await new Promise<{ jwt: string }>((resolve) => {
      const look = () => {
        const [frame] = guest.of("JwtResponse");
        if (frame) resolve(frame.body);
        else setImmediate(look);
      };
      look();
    });
    const page = async () =>
      (
        await bench.sandbox.fetch(
          new Request("http://sandbox.test/api/v2/webmessaging/messages", {
            headers: { authorization: `bearer ${jwt}` },
          }),
        )
      ).status;
    for (let index = 0; index < 10; index += 1) assert.equal(await page(), 200);
    assert.equal(await page(), 429);
  });

  test("of a token's length is 2048 characters", () => {
    const bench = createWireBench();
    assert.equal(bench.open("t".repeat(2048)).configure().class, "SessionResponse");
    assert.equal(bench.open("t".repeat(2049)).configure().code, 400);
  });

  test("of an agent's typing is 12 in a minute and conversation", async () => {
    const bench = createWireBench();
    const guest = bench.join();
    for (let index = 0; index < 14; index += 1) await bench.agent({ do: "typing" });
    assert.equal(guest.of("StructuredMessage").length, 12);
  });

  test("of an agent's text and typing can be set, and are told to whoever goes beyond", async () => {
    const bench = createWireBench({ limits: { agentTextChars: 5, agentTypingPerMinute: 1 } });
    const guest = bench.join();
    await bench.agent({ do: "message", text: "Hello" });
    for (let index = 0; index < 3; index += 1) await bench.agent({ do: "typing" });
    assert.equal(guest.of("StructuredMessage").length, 2);
    assert.match(await (await bench.agent({ do: "message", text: "Hello!" })).text(), /At most 5 characters/);
  });

  test("of what history holds is 15 days, for a guest who has not signed in", async () => {
    const bench = createWireBench({ limits: { historySeconds: 600 } });
    const guest = bench.join();
    guest.say("Too old");
    bench.clock.move(600_001);
    guest.say("Recent");
    guest.send("getJwt");
    await eventually(() => guest.of("JwtResponse").length === 1);
    const headers = { authorization: `bearer ${guest.of("JwtResponse")[0]?.body.jwt}`, origin: PAGE };
    const request = new Request("http://sandbox.test/api/v2/webmessaging/messages", { headers });
    const { entities } = await (await bench.sandbox.fetch(request)).json();
    assert.deepEqual(
      entities.map(({ text }: { text: string }) => text),
      ["Recent"],
    );
  });

  test("of a session's silence is told with each answer, and enforced", () => {
    const bench = createWireBench({ limits: { sessionSeconds: 900 } });
    const guest = bench.join();
    bench.clock.move(899_000);
    guest.say("Still here");
    bench.clock.move(899_999);
    assert.equal(guest.answer(guest.send("echo")).class, "StructuredMessage");
    bench.clock.move(1);
    assert.equal(guest.answer(guest.send("echo")).class, "SessionExpiredEvent");
    const { body } = guest.configure();
    assert.deepEqual([body.newSession, body.durationSeconds], [true, 900]);
  });

  test("of 18 months is longer than any timer can wait, and still holds", () => {
    const seconds = 550 * 86_400;
    const bench = createWireBench({ limits: { sessionSeconds: seconds } });
    const guest = bench.join();
    bench.clock.move(seconds * 1000 - 1);
    assert.equal(guest.answer(guest.send("echo")).class, "StructuredMessage");
    bench.clock.move(1);
    assert.equal(guest.answer(guest.send("echo")).class, "SessionExpiredEvent");
  });
});
