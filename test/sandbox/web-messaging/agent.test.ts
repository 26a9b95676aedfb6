/** What an agent and the bot can do in web messaging: every kind of message, files, typing, clearing, and leaving in both ways. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFixture } from "../../support/fixtures.ts";
import { until } from "../support.ts";
import { createWireBench, type FakeEnd } from "./bench.ts";
import { assertLike } from "./stage.ts";

const presences = (guest: FakeEnd) =>
  guest
    .of("StructuredMessage")
    .filter(({ body }) => body.events?.[0]?.presence?.type === "Disconnect")
    .map(({ body }) => body.metadata.readOnly);

/** An action that sends what a fixture holds. */
// biome-ignore lint/suspicious/noExplicitAny: what a fixture holds is known to its action.
const ACTIONS: Record<string, (content: any[]) => object> = {
  "structured.card": ([item]) => ({ do: "card", card: item?.card }),
  "structured.carousel": ([item]) => ({ do: "carousel", cards: item?.carousel.cards }),
  "structured.datePicker": ([item]) => ({ do: "datePicker", datePicker: item?.datePicker }),
  "structured.listPicker": ([item]) => ({ do: "listPicker", listPicker: item?.listPicker }),
  "structured.form": ([item]) => ({ do: "form", form: item?.form }),
  "structured.genericTemplate": (content) => ({ do: "content", content }),
  "structured.buttonResponsesOutbound": (content) => ({ do: "content", content }),
  "text.unknownContent": (content) => ({ do: "content", content }),
};

describe("an agent in web messaging", () => {
  for (const [name, toAction] of Object.entries(ACTIONS)) {
    test(`sends what structuredMessage.${name} holds, and it is in the history of the desk, too`, async () => {
      const bench = createWireBench();
      const guest = bench.join();
      const { body } = readFixture(`server/structuredMessage.${name}`);
      const response = await bench.agent({ ...toAction(body.content), text: body.text, name: "Robin" });
      assert.equal(response.status, 200, await response.text());
      const [sent] = guest.outbound();
      assert.deepEqual(sent.content, body.content);
      assert.equal(sent.text, body.text);
      assert.deepEqual([sent.type, sent.originatingEntity], ["Structured", "Human"]);
      const { sessions } = await bench.state();
      assert.deepEqual(sessions[0].messages.at(-1).content, body.content);
    });
  }

  test("sends a file that the guest can fetch, again after its link has run out", async () => {
    const bench = createWireBench();
    const guest = bench.join();
    const file = { fileName: "form.pdf", fileType: "application/pdf", data: btoa("%PDF-1.7") };
    assert.equal((await bench.agent({ do: "file", text: "Here is the form", ...file })).status, 200);
    const [sent] = guest.outbound();
    const [expected] = readFixture("server/structuredMessage.text.outboundAttachment").body.content;
    delete expected.attachment.text;
    assertLike(sent.content[0], expected);
    assert.equal(sent.type, "Text");
    const [{ attachment }] = sent.content;
    const fetchText = async (url: string) => {
      const response = await bench.sandbox.fetch(new Request(url));
      return response.status === 200 ? response.text() : response.status;
    };
    assert.equal(await fetchText(attachment.url), "%PDF-1.7");
    bench.clock.move(600_000);
    assert.equal(await fetchText(attachment.url), 404);
    const fresh = guest.answer(guest.send("getAttachment", { attachmentId: attachment.id }));
    assert.equal(await fetchText(fresh.body.url), "%PDF-1.7");
  });

  test("who leaves a Send deployment leaves the guest writing; who leaves a ReadOnly one does not; or nothing is told", async () => {
    const leave = async (disconnect: object) => {
      const bench = createWireBench({ disconnect });
      const guest = bench.join();
      await bench.agent({ do: "message", text: "Hello" });
      await bench.agent({ do: "leave" });
      return { told: presences(guest), code: guest.answer(guest.say("Still there?")).code, bench };
    };
    const send = await leave({ enabled: true, type: "Send" });
    assert.deepEqual([send.told, send.code], [["false"], 200]);
    assert.equal((await send.bench.state()).sessions[0].stage, "waiting");
    assert.equal((await send.bench.agent({ do: "message", text: "Back again" })).status, 200);
    const readOnly = await leave({ enabled: true, type: "ReadOnly" });
    assert.deepEqual([readOnly.told, readOnly.code], [["true"], 409]);
    const untold = await leave({ enabled: false });
    assert.deepEqual([untold.told, untold.code], [[], 200]);
  });

  test("clears the conversation on the guest's devices", async () => {
    const bench = createWireBench();
    const guest = bench.join();
    await bench.agent({ do: "clear" });
    assert.deepEqual(
      guest.frames.slice(1).map((frame) => frame.class),
      ["SessionClearedEvent", "ConnectionClosedEvent"],
    );
    assert.equal(bench.open(guest.token).configure().body.newSession, true);
  });

  test("is refused what strict clients would drop, and texts that are too long", async () => {
    const bench = createWireBench();
    bench.join();
    const reason = async (action: object) => {
      const response = await bench.agent(action);
      assert.equal(response.status, 400);
      return ((await response.json()) as { message: string }).message;
    };
    assert.match(
      await reason({ do: "card", card: { title: "x", actions: [{ type: "Link", url: "x" }] } }),
      /^card\.actions\.0\.text/,
    );
    assert.match(await reason({ do: "message", text: "x".repeat(4001) }), /4000 characters/);
    assert.match(await reason({ do: "file", fileName: "x.txt", data: "not base64!" }), /^data: Expected base64/);
  });

  test("does not reach a guest whose session has expired", async () => {
    const bench = createWireBench({ limits: { sessionSeconds: 60 } });
    const guest = bench.join();
    bench.clock.move(60_000);
    assert.equal((await bench.agent({ do: "message", text: "Hello?" })).status, 409);
    assert.equal(guest.outbound().length, 0);
  });
});

describe("GET /sandbox/state", () => {
  test("shows guests of web messaging with their deployment, connections and who has signed in", async () => {
    const bench = createWireBench();
    const guest = bench.join();
    const tracingId = guest.say("Hello");
    const { connections, sessions, deployments } = await bench.state();
    const [session] = sessions;
    assert.equal(deployments.length, 1);
    assert.deepEqual(
      [session.protocol, session.deployment, session.guestHere],
      ["web-messaging", deployments[0].id, true],
    );
    assert.deepEqual(session.messages[0].clientId, tracingId);
    assert.equal(connections[0].session, session.id);
    guest.leave();
    assert.equal((await bench.state()).sessions[0].guestHere, false);
  });

  test("and the log tell no token and no link that opens anything", async () => {
    const bench = createWireBench();
    const guest = bench.join();
    await bench.agent({ do: "file", fileName: "a.txt", data: btoa("a") });
    guest.send("getJwt");
    await until("a JWT", () => guest.of("JwtResponse")[0]);
    const log = await (await bench.call("GET", "/sandbox/log")).text();
    const [{ attachment }] = guest.outbound()[0].content;
    assert.match(log, /"type":"configureSession"/);
    assert.match(log, /"type":"StructuredMessage"/);
    for (const secret of [guest.token, guest.of("JwtResponse")[0]?.body.jwt, attachment.url]) {
      assert.ok(!log.includes(secret), secret);
    }
  });
});

describe("a fault rule", () => {
  test("meets frames of web messaging by their action, or by their class", async () => {
    const bench = createWireBench();
    const guest = bench.join();
    const rule = (match: object, then: object) =>
      bench.call("POST", "/sandbox/faults", { match: { kind: "frame", ...match }, then });
    await rule({ direction: "out", action: "StructuredMessage", nth: 1 }, { suppress: true });
    await rule({ direction: "in", action: "getJwt", nth: 1 }, { closeCode: 1006 });
    guest.say("lost echo");
    guest.say("seen");
    assert.deepEqual(
      guest.of("StructuredMessage").map(({ body }) => body.text),
      ["seen"],
    );
    guest.send("getJwt");
    assert.equal(guest.closed, "cut");
  });
});

describe("Otto in web messaging", () => {
  const WORDS: Record<string, string | undefined> = {
    card: "Card",
    carousel: "Carousel",
    dates: "DatePicker",
    list: "ListPicker",
    form: "Form",
    quick: "QuickReply",
    file: "Attachment",
    picture: "Attachment",
    markdown: undefined,
  };

  /** Says a word, and lets Otto type; what he has answered. */
  async function ask(word: string) {
    const bench = createWireBench({}, { bot: true });
    const guest = bench.join();
    guest.say(word);
    const typing = () => guest.of("StructuredMessage").some(({ body }) => body.direction === "Outbound");
    await until("Otto typing", typing);
    bench.clock.move(600);
    return { bench, guest, said: guest.outbound() };
  }

  for (const [word, contentType] of Object.entries(WORDS)) {
    test(`shows ${contentType ?? "formatted text"} to who writes "${word}"`, async () => {
      const { said } = await ask(word);
      assert.equal(said.length, 1);
      assert.equal(said[0].content?.[0].contentType, contentType);
      assert.equal(said[0].originatingEntity, "Bot");
    });
  }

  test("shows as many messages as are asked for, in one go", async () => {
    const { said, guest } = await ask("many 200");
    assert.equal(said.length, 200);
    assert.equal(said.at(-1).text, "Message 200 of 200");
    assert.equal(guest.of("StructuredMessage").filter(({ body }) => body.events).length, 1, "he types once");
  });

  test("tells what he can show when he greets, and when he has not understood", async () => {
    const { said, bench } = await ask("xyzzy");
    assert.match(said[0].text, /Write card, carousel/);
    const guest = bench.join();
    guest.send("onMessage", {
      message: { type: "Event", events: [{ eventType: "Presence", presence: { type: "Join" } }] },
    });
    bench.clock.move(600);
    assert.match(guest.outbound()[0].text, /Welcome.*Write card, carousel/);
  });

  test("has a word on what the guest has chosen or filled in", async () => {
    const { bench, guest } = await ask("card");
    const { message } = readFixture("client/onMessage.formReply.web");
    guest.send("onMessage", { message });
    await until("Otto typing", () => guest.of("StructuredMessage").at(-1)?.body.direction === "Outbound");
    bench.clock.move(600);
    assert.match(guest.outbound().at(-1).text, /the form has come/);
  });

  test("is silent once an agent has come, also with what he was about to show", async () => {
    const bench = createWireBench({}, { bot: true });
    const guest = bench.join();
    guest.say("file");
    await bench.agent({ do: "message", text: "I am here" });
    bench.clock.move(600);
    assert.deepEqual(
      guest.outbound().map(({ text }) => text),
      ["I am here"],
    );
  });
});
