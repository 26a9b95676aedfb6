/** Every frame that the platform is known to send: what the chat makes of it, and that no mutation of it breaks anything. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { apply, type Chat } from "../../../src/chat/chat.ts";
import type { HandlerEvent } from "../../../src/chat/event.ts";
import { reduceMore } from "../../../src/chat/reduce-more.ts";
import { initialState } from "../../../src/chat/state.ts";
import { fetchReader } from "../../../src/protocols/web-messaging/messages.ts";
import { createWebMessaging } from "../../../src/protocols/web-messaging/web-messaging.ts";
import { assertContains } from "../../support/contains.ts";
import { createFakePlatform, type FakePlatform } from "../../support/fake-platform.ts";
import { extendEmpty, lent } from "../../support/lent.ts";
import { mutate, mutation } from "../../support/mutants.ts";
import { startWebScene, type WebScene } from "../../support/web-messaging-scene.ts";
import {
  configuration,
  DEPLOYMENT,
  echo,
  fixtureNames,
  type Json,
  readFixture,
  said,
  session,
} from "../../support/web-messaging-script.ts";

/** Of the messages that some of the frames answer: see frames/client. */
const TEXT = "7a2d1c00-0000-4000-8000-000000000010";
const id = (last: string) => `5f0c2a9b7d3e4168a1b2c3d4000000${last}`;
const delivered = (more: object) => [{ type: "delivered", ...more }];
const received = (message: object) => [{ type: "received", message }];
const rejected = (code: string) => [{ type: "rejected", id: TEXT, error: { code } }];
const lost = (decision: object, code?: string) => [{ type: "lost", decision, ...(code && { error: { code } }) }];
const NOTHING: object[] = [];
/** For the site owner: it is no message of the guest's. */
const REFUSED: object[] = [{ type: "warned", error: { code: "CHAT_REFUSED" } }];

/** What the guest's side makes of each: after a session is live, a text is on its way. */
const EXPECTED: Readonly<Record<string, object[]>> = {
  attachmentDeletedResponse: NOTHING,
  connectionClosedEvent: lost({ do: "stop" }, "CHAT_MOVED"),
  "connectionClosedEvent.reasonCode": [{ type: "ended" }],
  "connectionClosedEvent.signedIn": [{ type: "ended" }],
  echoResponse: NOTHING,
  "echoResponse.sessionTiming": [{ type: "expires", at: 1_936_000_000_000 }],
  "error.400.badRequest": rejected("CHAT_MESSAGE_REFUSED"),
  "error.401.unauthorized": REFUSED,
  "error.403.clearNotSupported": NOTHING,
  "error.403.forbidden": rejected("CHAT_MESSAGE_REFUSED"),
  "error.403.sessionAuthFailed": rejected("CHAT_MESSAGE_REFUSED"),
  "error.403.tryAuthenticateAgain": rejected("CHAT_MESSAGE_REFUSED"),
  "error.403.typingForbidden": NOTHING,
  "error.404.notFound": rejected("CHAT_MESSAGE_REFUSED"),
  "error.409.readOnly": [...rejected("CHAT_ENDED"), { type: "readonly" }],
  "error.4006.sessionExpired": lost({ do: "stop" }, "CHAT_SESSION_EXPIRED"),
  "error.4007.sessionNotFound": lost({ do: "new-session" }),
  "error.4011.messageTooLong": rejected("CHAT_TEXT_TOO_LONG"),
  "error.4013.customAttributesTooLarge": REFUSED,
  "error.4017.cannotDowngrade": lost({ do: "new-session" }),
  "error.500.serverError": rejected("CHAT_MESSAGE_REFUSED"),
  "error.5000.unexpected": rejected("CHAT_MESSAGE_REFUSED"),
  "error.object": rejected("CHAT_MESSAGE_REFUSED"),
  "event.coBrowseOffering": NOTHING,
  "event.multiple.outbound": [
    { type: "typing", on: true, durationMs: 5_000 },
    { type: "presence", happened: "left" },
  ],
  "event.presenceClear.inboundEcho": NOTHING,
  "event.presenceDisconnect.noMetadata": [{ type: "presence", happened: "left" }],
  "event.presenceDisconnect.readOnly": [{ type: "readonly", sentAt: Date.parse("2031-05-10T08:16:03.104Z") }],
  "event.presenceDisconnect.send": [{ type: "presence", happened: "left" }],
  "event.presenceJoin.inboundEcho": NOTHING,
  "event.presenceSessionExpired": NOTHING,
  "event.presenceSignIn.inbound": NOTHING,
  "event.typingOff.outbound": [{ type: "typing", on: false }],
  "event.typingOn.outbound": [{ type: "typing", on: true, durationMs: 5_000 }],
  "event.unknown.outbound": NOTHING,
  "event.videoOffering": NOTHING,
  generateUrlError: NOTHING,
  "generateUrlError.response400": NOTHING,
  getConfigurationResponse: NOTHING,
  jwtResponse: NOTHING,
  logoutEvent: [{ type: "ended" }],
  "presignedUrlResponse.download": NOTHING,
  "presignedUrlResponse.upload": NOTHING,
  "presignedUrlResponse.upload.minimal": NOTHING,
  resumeTokenResponse: NOTHING,
  sessionClearedEvent: [{ type: "cleared" }],
  sessionExpiredEvent: lost({ do: "stop" }, "CHAT_SESSION_EXPIRED"),
  "sessionResponse.autoStarted": [{ type: "expires" }, { type: "live" }],
  "sessionResponse.clearedExistingSession": [{ type: "expires" }],
  "sessionResponse.closed": [{ type: "readonly" }],
  "sessionResponse.existing": [{ type: "expires" }],
  "sessionResponse.minimal": [{ type: "live" }],
  "sessionResponse.new": [
    { type: "expires", at: 1_936_000_000_000 },
    { type: "live", textBytes: 4_096 },
  ],
  "sessionResponse.readOnly": [{ type: "expires" }],
  "structuredMessage.structured.buttonResponsesOutbound": received({
    from: "bot",
    text: "Choose a colour",
    quickReplies: [
      { text: "Red", payload: "RED" },
      { text: "Green", payload: "GREEN" },
    ],
  }),
  "structuredMessage.structured.card": received({
    text: "Our offer",
    content: {
      type: "cards",
      cards: [
        {
          title: "North flights",
          description: "Half price in autumn",
          imageUrl: "https://cdn.region.example/i/north.jpg",
          url: "https://shop.example/north",
          actions: [
            { type: "link", text: "Details", url: "https://shop.example/north" },
            { type: "reply", text: "Book now", payload: "book-42" },
          ],
        },
      ],
    },
  }),
  "structuredMessage.structured.cardReplyEcho": delivered({ text: "Book now", alias: id("0e") }),
  "structuredMessage.structured.carousel": received({
    content: { type: "cards", cards: [{ title: "North flights" }, { title: "South flights", description: "Direct" }] },
  }),
  "structuredMessage.structured.datePicker": received({
    text: "Pick a time",
    content: {
      type: "date-picker",
      title: "Choose a slot",
      subtitle: "Europe office",
      imageUrl: "https://cdn.region.example/i/cal.png",
      times: [
        { at: Date.parse("2031-05-12T09:30:00Z"), durationMs: 1_800_000 },
        { at: Date.parse("2031-05-12T10:00:00Z"), durationMs: 1_800_000 },
      ],
    },
  }),
  "structuredMessage.structured.datePickerReplyEcho": delivered({ text: "12/05/2031, 09:30:00" }),
  "structuredMessage.structured.form": received({
    text: "Please fill in",
    content: {
      type: "form",
      title: "Visit form",
      subtitle: "takes a minute",
      introduction: { title: "Your visit", subtitle: "two questions", buttonText: "Start" },
      pages: [
        {
          title: "You",
          fields: [
            { type: "text", id: "field-name", title: "Name", required: true, multiline: false, placeholder: "Ada" },
          ],
        },
        {
          title: "When",
          fields: [
            {
              type: "date",
              id: "field-date",
              title: "Date",
              required: false,
              earliest: Date.parse("2031-05-01T00:00Z"),
            },
          ],
        },
      ],
      showSummary: true,
      sentText: "Form sent",
    },
  }),
  "structuredMessage.structured.formReplyEcho": delivered({ text: "Form sent" }),
  "structuredMessage.structured.genericTemplate": received({
    content: {
      type: "cards",
      cards: [
        {
          title: "Old style",
          description: "deprecated shape",
          imageUrl: "https://cdn.region.example/i/g.png",
          actions: [{ type: "reply", text: "Pick", payload: "pick" }],
        },
      ],
    },
  }),
  "structuredMessage.structured.listPicker": received({
    content: {
      type: "list-picker",
      title: "Choose toppings",
      subtitle: "any number",
      sections: [
        {
          title: "Toppings",
          multiple: true,
          items: [
            { id: "item-olives", title: "Olives", subtitle: "black", imageUrl: "https://cdn.region.example/i/o.png" },
            { id: "item-capers", title: "Capers" },
          ],
        },
      ],
    },
  }),
  "structuredMessage.structured.listPickerReplyEcho": delivered({ text: "Two toppings chosen" }),
  "structuredMessage.structured.quickReplies": received({
    from: "bot",
    text: "What do you want to do?",
    quickReplies: [
      { text: "Track order", payload: "TRACK" },
      { text: "Talk to a person", payload: "AGENT", imageUrl: "https://cdn.region.example/i/agent.png" },
    ],
  }),
  "structuredMessage.structured.quickReplyEcho": delivered({ text: "Track order" }),
  "structuredMessage.text.inboundAttachmentEcho": delivered({
    attachments: [{ id: "b7e0c9d2-4a31-4d7e-8f55-0a1b2c3d4e5f", name: "photo.png", mime: "image/png", bytes: 424_242 }],
  }),
  "structuredMessage.text.inboundAttachmentOnlyEcho": delivered({
    text: undefined,
    attachments: [{ url: "https://api.region.example/api/v2/downloads/0123456789abcdef" }],
  }),
  "structuredMessage.text.inboundEcho": delivered({
    id: TEXT,
    serverId: "c4b5a697-0000-4000-8000-000000000001",
    alias: id("01"),
    sentAt: Date.parse("2031-05-10T08:15:01.120Z"),
    text: "Hello, I need help",
  }),
  "structuredMessage.text.inboundEcho.legacyCustomMessageId": delivered({
    id: "7a2d1c00-0000-4000-8000-000000000012",
    text: "Hello, I need help",
  }),
  "structuredMessage.text.inboundOtherDevice": delivered({}),
  "structuredMessage.text.outboundAgent": received({
    serverId: id("05"),
    from: "agent",
    name: "Robin",
    avatarUrl: "https://cdn.region.example/agents/robin.png",
    text: "Robin here, let me look.",
    sentAt: Date.parse("2031-05-10T08:15:05.120Z"),
  }),
  "structuredMessage.text.outboundAttachment": received({
    text: "Here is the form",
    attachments: [{ name: "form.pdf", mime: "application/pdf", bytes: 90_210 }],
  }),
  "structuredMessage.text.outboundBot": received({ from: "bot", text: "Welcome! How can I help?" }),
  "structuredMessage.text.outboundParticipants": received({ from: "agent", name: "Robin Agent" }),
  "structuredMessage.text.unknownContent": received({ text: "Hi", attachments: [{ name: "photo.png" }] }),
  tooManyRequests: [{ type: "throttled", retryAfter: 3_000, id: TEXT }],
  unknownClass: NOTHING,
  uploadFailureEvent: NOTHING,
  uploadSuccessEvent: NOTHING,
};

async function startLive(platform: FakePlatform = createFakePlatform()) {
  await fetchReader();
  platform.answer = () => Response.json(configuration());
  const protocol = extendEmpty(
    createWebMessaging({ deploymentId: DEPLOYMENT, environment: "mypurecloud.ie" }),
    platform,
    TEXT,
  );
  const asked = { saved: null, reason: "start", attributes: {}, skew: 0 } as const;
  const credentials = await protocol.authorize(asked, platform, new AbortController().signal);
  const events: HandlerEvent[] = [];
  const handler = protocol.createHandler({
    ...lent(platform),
    credentials,
    now: () => platform.clock.now(),
    send: () => {},
    emit: (event) => void events.push(event),
  });
  handler.handshake();
  handler.receive(session());
  await handler.perform({ type: "send", id: TEXT, text: "Hello" }, new AbortController().signal);
  events.length = 0;
  return { handler, events };
}

describe("every known frame of the platform's", () => {
  for (const name of fixtureNames("server")) {
    test(`${name} becomes what it means`, async () => {
      const { handler, events } = await startLive();
      handler.receive(JSON.stringify(readFixture(`server/${name}`)));
      const expected = EXPECTED[name];
      assert.ok(expected, "this table says nothing of it");
      assert.equal(events.length, expected.length, JSON.stringify(events));
      for (const [at, each] of expected.entries()) assertContains(events[at], each);
    });
  }

  test("the table names none that is not there", () => {
    assert.deepEqual(Object.keys(EXPECTED).sort(), fixtureNames("server"));
  });
});

/** What a guest does where a session is over or cut: wait, or press the button that is there. */
async function comeBack({ ask, goLive, platform, session }: WebScene): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    const { phase, reason } = session.chat.state;
    if (phase === "live") return;
    if (reason?.code === "CHAT_MOVED") await ask({ type: "take-over" });
    else if (phase === "readonly") await ask({ type: "start-new" });
    else if (phase !== "waiting" && phase !== "connecting") await ask({ type: "open" });
    else if (platform.socket.closedWith === null) await goLive();
    else await platform.pass(1_000);
  }
  assert.fail(`the session is ${session.chat.state.phase}`);
}

describe("mutated at random, fields missing, of another type, added, nested", () => {
  test("each leaves a session in which the guest reads on and writes on", async () => {
    const names = fixtureNames("server");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        async (name, mutations) => {
          const scene = await startWebScene();
          await scene.ask({ type: "open" });
          await scene.goLive();
          const mutant = readFixture(`server/${name}`);
          for (const each of mutations) mutate(mutant, each);
          await scene.tell(JSON.stringify(mutant));
          await comeBack(scene);
          await scene.tell(said({ id: "good", text: "still here" }));
          await scene.ask({ type: "send", text: "so am I" }, "mine");
          await scene.tell(echo("mine", { id: "mine-at-genesys", text: "so am I" }));
          assert.ok(scene.texts().includes("still here"));
          assert.equal(scene.session.chat.messages.get("mine")?.delivery, "sent");
          scene.session.stop();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  for (const name of fixtureNames("server")) {
    test(`${name} throws nothing, pollutes nothing, and a good message after it is shown`, async () => {
      const platform = createFakePlatform();
      await fc.assert(
        fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
          const { handler, events } = await startLive(platform);
          const mutant = readFixture(`server/${name}`);
          for (const each of mutations) mutate(mutant, each);
          const chat: Chat = { state: initialState(), messages: new Map() };
          handler.receive(JSON.stringify(mutant));
          handler.receive(said({ id: "good", text: "still here" }));
          for (const event of events) apply(chat, reduceMore(chat, event));
          assert.equal(chat.messages.get("good")?.text, "still here");
          assert.equal(({} as Json).polluted, undefined);
          for (const { text = "", sentAt } of chat.messages.values()) {
            assert.equal(typeof text, "string");
            assert.ok(Number.isFinite(sentAt));
          }
          assert.doesNotThrow(() => structuredClone([...chat.messages.values()]));
        }),
        { numRuns: 40 },
      );
    });
  }
});
