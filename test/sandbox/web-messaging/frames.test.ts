/** Every frame that official and public clients are known to send is taken, or refused as the platform does; and nothing else does harm. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { readFixture } from "../../support/fixtures.ts";
import { until } from "../support.ts";
import { createWireBench, type FakeEnd, type WireBench, type WireFrame } from "./bench.ts";

const folder = fileURLToPath(new URL("../../../../test/fixtures/web-messaging/client/", import.meta.url));
const names = readdirSync(folder).map((name) => name.replace(/\.json$/, ""));

const PNG_BYTES = 424_242;

/** The class of the answer, or of the echo, and the code of what is refused. */
const SESSION = "SessionResponse";
const ECHO = "StructuredMessage";
const ANSWERS: Record<string, string | [class_: string, code: number]> = {
  closeSession: SESSION,
  // The code is no JWT that this deployment's exchange has given.
  configureAuthenticatedSession: ["string", 401],
  "configureAuthenticatedSession.startNew": ["string", 401],
  "configureSession.fullJourneyContext": SESSION,
  configureSession: SESSION,
  "configureSession.minimal": SESSION,
  "configureSession.resumeToken": SESSION,
  "configureSession.startNew": SESSION,
  deleteAttachment: "AttachmentDeletedResponse",
  echo: ECHO,
  "echo.noToken": ECHO,
  getAttachment: "PresignedUrlResponse",
  getConfiguration: "GetConfigurationResponse",
  getJwt: "JwtResponse",
  "onAttachment.allFields": "PresignedUrlResponse",
  onAttachment: "PresignedUrlResponse",
  "onAttachment.web": "PresignedUrlResponse",
  "onMessage.attachmentOnly.mobile": ECHO,
  "onMessage.attachmentOnly.web": ECHO,
  "onMessage.cardReply": ECHO,
  "onMessage.datePickerReply.mobile": ECHO,
  "onMessage.datePickerReply.web": ECHO,
  "onMessage.event.coBrowseAccepted": ECHO,
  "onMessage.event.presenceClear": ECHO,
  "onMessage.event.presenceDisconnect": ECHO,
  "onMessage.event.presenceJoin.customAttributes": ECHO,
  "onMessage.event.presenceJoin": ECHO,
  "onMessage.event.typingOn": ECHO,
  "onMessage.event.videoAccepted": ECHO,
  "onMessage.formReply.web": ECHO,
  "onMessage.listPickerReply.web": ECHO,
  "onMessage.quickReply.mobile": ECHO,
  "onMessage.quickReply.web": ECHO,
  "onMessage.text.attachment": ECHO,
  "onMessage.text.customAttributes": ECHO,
  "onMessage.text.customAttributesTopLevel": ECHO,
  "onMessage.text": ECHO,
  "onMessage.text.legacyCustomMessageId": ECHO,
  "onMessage.text.minimal": ECHO,
  "onMessage.text.web": ECHO,
};

const LIMITS = { requestsPerMinute: 1_000_000, messagesPerSecond: 1_000_000, configuresPerMinute: 1_000_000 };

const createBench = (): WireBench =>
  createWireBench({
    limits: { ...LIMITS, healthChecksPerMinute: 1_000_000 },
    auth: { enabled: true, allowSessionUpgrade: true, provider: { issuer: "https://idp.example", clientId: "c" } },
  });

/** A guest with the fixtures' token, whose attachment is up. */
async function prepare(bench: WireBench): Promise<FakeEnd> {
  const { token, attachmentId, fileName, fileType } = readFixture("client/onAttachment");
  const guest = bench.join(token);
  const file = { attachmentId, fileName, fileType, fileSize: PNG_BYTES };
  const { body } = guest.answer(guest.send("onAttachment", file));
  const png = new Uint8Array(PNG_BYTES);
  png.set([0x89, 0x50, 0x4e, 0x47]);
  assert.equal(await bench.upload(body, png), 200);
  guest.frames.length = 0;
  return guest;
}

/** Sends, and waits for what comes first: every request has an answer or an echo. */
async function ask(guest: FakeEnd, request: unknown): Promise<WireFrame> {
  guest.raw(JSON.stringify(request));
  return until("an answer", () => guest.frames[0]);
}

describe("a frame of a known client", () => {
  test("each has its row", () => {
    assert.deepEqual(names.sort(), Object.keys(ANSWERS).sort());
  });

  for (const name of names) {
    const row = ANSWERS[name];
    const [expected, code = 200] = typeof row === "string" ? [row] : (row ?? []);
    test(`${name} is ${code === 200 ? "taken" : `refused with ${code}`}`, async () => {
      const bench = createBench();
      const guest = await prepare(bench);
      const request = readFixture(`client/${name}`);
      const answer = await ask(guest, request);
      assert.deepEqual([answer.class, answer.code], [expected, code]);
      assert.equal(answer.tracingId, request.tracingId);
    });
  }

  test("replies come back as they were sent, with the client's metadata, and say to people what was chosen", async () => {
    const bench = createBench();
    const guest = await prepare(bench);
    for (const name of names.filter((each) => /Reply|legacy|text\.web/.test(each))) {
      const { message } = readFixture(`client/${name}`);
      const { body } = guest.answer(guest.send("onMessage", { message }));
      assert.equal(body.type, message.type);
      assert.equal(body.text, message.text || undefined, name);
      assert.deepEqual(body.content, message.content, name);
      assert.deepEqual({ ...body.metadata, ...message.metadata }, body.metadata, name);
    }
    const { messages } = (await bench.state()).sessions[0];
    const texts = messages.map(({ text }: { text: string }) => text);
    assert.ok(texts.includes("Olives, Capers") || texts.includes("Two toppings chosen"));
    assert.ok(!texts.includes(""), "a reply without a text is told by its label");
  });
});

/** Anything of JSON, in place of what was there, or beside it. */
const mutated = (request: object): fc.Arbitrary<unknown> =>
  fc
    .array(fc.tuple(fc.nat(), fc.constantFrom("drop", "replace", "add", "nest"), fc.jsonValue({ maxDepth: 3 })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((changes) => {
      const frame = structuredClone(request);
      for (const [at, how, value] of changes) mutate(frame, at, how, value);
      return frame;
    });

function mutate(frame: object, at: number, how: string, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (object: Record<string, unknown>) => {
    for (const [name, child] of Object.entries(object)) {
      places.push([object, name]);
      if (typeof child === "object" && child !== null) walk(child as Record<string, unknown>);
    }
  };
  walk(frame as Record<string, unknown>);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return;
  const [object, name] = place;
  if (how === "drop") delete object[name];
  else if (how === "replace") object[name] = value;
  else if (how === "nest") object[name] = { [name]: object[name] };
  else if (Array.isArray(object)) object.push(value);
  else object[`${name}X`] = value;
}

describe("a frame of a known client that has been changed at random", () => {
  for (const name of names) {
    test(`${name}: the sandbox answers in the protocol, and the guest can go on`, async () => {
      const bench = createBench();
      const guest = await prepare(bench);
      await fc.assert(
        fc.asyncProperty(mutated(readFixture(`client/${name}`)), async (request) => {
          await ask(guest, request);
          for (const { type, class: kind, code } of guest.frames) {
            assert.ok(["response", "message"].includes(type) && typeof kind === "string" && typeof code === "number");
            assert.notEqual(code, 5000, "the sandbox has failed");
          }
          guest.frames.length = 0;
          // It may have closed the session, or begun another.
          const configured = guest.configure();
          assert.equal(configured.class, "SessionResponse");
          if (configured.body.readOnly) guest.configure({ startNew: true });
          assert.equal(guest.answer(guest.say("Still here")).body.text, "Still here");
          assert.equal(guest.closed, undefined);
          guest.frames.length = 0;
        }),
        { numRuns: 60 },
      );
    });
  }

  test("a list with nothing in a place is no list of contents or events", () => {
    const guest = createBench().join();
    const bodies = [
      { type: "Text", content: [null] },
      { type: "Event", events: [null] },
    ];
    for (const message of bodies) assert.equal(guest.answer(guest.send("onMessage", { message })).code, 400);
  });

  test("a field that is null is as one that is missing", () => {
    const guest = createBench().join();
    const message = { type: "Text", text: "Hello", content: null, metadata: null, channel: null };
    assert.equal(guest.answer(guest.send("onMessage", { message, channel: null })).body.text, "Hello");
  });

  test("text that is no request at all is refused, and the guest can go on", () => {
    const bench = createBench();
    const guest = bench.join();
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    for (const text of [
      null,
      "",
      "not JSON",
      "[]",
      "null",
      "7",
      "{}",
      '{"action":"fly"}',
      '{"action":"__proto__"}',
      deep,
    ]) {
      const before = guest.frames.length;
      guest.raw(text);
      const code = guest.frames[before]?.code;
      assert.equal(code, 400, String(text).slice(0, 20));
    }
    assert.equal(guest.answer(guest.say("Still here")).body.text, "Still here");
  });
});
