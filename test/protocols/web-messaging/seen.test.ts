/** Every frame that the platform is known to send, as the guest sees it: the whole session stands between the two. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Message } from "../../../src/chat/message.ts";
import type { Content } from "../../../src/chat/rich.ts";
import { settle } from "../../support/fake-platform.ts";
import { startWebScene, type WebScene } from "../../support/web-messaging-scene.ts";
import { fixtureNames, readFixture } from "../../support/web-messaging-script.ts";

/** Of the message that some of the frames answer: see frames/client. */
const TEXT = "7a2d1c00-0000-4000-8000-000000000010";

/** After a session is live and a text is on its way: whatever says nothing to the guest leaves that alone. */
const SEEN: Readonly<Record<string, string>> = {
  attachmentDeletedResponse: "you (sending): Hello",
  connectionClosedEvent: "you (sending): Hello | waiting | CHAT_MOVED",
  "connectionClosedEvent.reasonCode": "ended",
  "connectionClosedEvent.signedIn": "ended",
  echoResponse: "you (sending): Hello",
  "echoResponse.sessionTiming": "you (sending): Hello",
  "error.400.badRequest": "you (failed, CHAT_MESSAGE_REFUSED): Hello",
  "error.4006.sessionExpired": "you (sending): Hello | idle",
  "error.4007.sessionNotFound": "system: new-conversation | you (sending): Hello | waiting | CHAT_SESSION_EXPIRED",
  "error.401.unauthorized": "you (sending): Hello",
  "error.4011.messageTooLong": "you (failed, CHAT_TEXT_TOO_LONG): Hello",
  "error.4013.customAttributesTooLarge": "you (sending): Hello",
  "error.4017.cannotDowngrade": "system: new-conversation | you (sending): Hello | waiting | CHAT_REFUSED",
  "error.403.clearNotSupported": "you (sending): Hello",
  "error.403.forbidden": "you (failed, CHAT_MESSAGE_REFUSED): Hello",
  "error.403.sessionAuthFailed": "you (failed, CHAT_MESSAGE_REFUSED): Hello",
  "error.403.tryAuthenticateAgain": "you (failed, CHAT_MESSAGE_REFUSED): Hello",
  "error.403.typingForbidden": "you (sending): Hello",
  "error.404.notFound": "you (failed, CHAT_MESSAGE_REFUSED): Hello",
  "error.409.readOnly": "you (failed, CHAT_ENDED): Hello | system: ended | readonly",
  "error.500.serverError": "you (failed, CHAT_MESSAGE_REFUSED): Hello",
  "error.5000.unexpected": "you (failed, CHAT_MESSAGE_REFUSED): Hello",
  "error.object": "you (failed, CHAT_MESSAGE_REFUSED): Hello",
  "event.coBrowseOffering": "you (sending): Hello",
  "event.multiple.outbound": "system: left | you (sending): Hello",
  "event.presenceClear.inboundEcho": "you (sending): Hello",
  "event.presenceDisconnect.noMetadata": "system: left | you (sending): Hello",
  "event.presenceDisconnect.readOnly": "you (unconfirmed): Hello | system: ended | readonly",
  "event.presenceDisconnect.send": "system: left | you (sending): Hello",
  "event.presenceJoin.inboundEcho": "you (sending): Hello",
  "event.presenceSessionExpired": "you (sending): Hello",
  "event.presenceSignIn.inbound": "you (sending): Hello",
  "event.typingOff.outbound": "you (sending): Hello",
  "event.typingOn.outbound": "you (sending): Hello | somebody writes",
  "event.unknown.outbound": "you (sending): Hello",
  "event.videoOffering": "you (sending): Hello",
  generateUrlError: "you (sending): Hello",
  "generateUrlError.response400": "you (sending): Hello",
  getConfigurationResponse: "you (sending): Hello",
  jwtResponse: "you (sending): Hello",
  logoutEvent: "ended",
  "presignedUrlResponse.download": "you (sending): Hello",
  "presignedUrlResponse.upload": "you (sending): Hello",
  "presignedUrlResponse.upload.minimal": "you (sending): Hello",
  resumeTokenResponse: "you (sending): Hello",
  sessionClearedEvent: "",
  sessionExpiredEvent: "you (sending): Hello | idle",
  "sessionResponse.autoStarted": "you (unconfirmed): Hello",
  "sessionResponse.clearedExistingSession": "you (unconfirmed): Hello",
  "sessionResponse.closed": "system: ended | you (unconfirmed): Hello | readonly",
  "sessionResponse.existing": "you (unconfirmed): Hello",
  "sessionResponse.minimal": "you (unconfirmed): Hello",
  "sessionResponse.new": "you (unconfirmed): Hello",
  "sessionResponse.readOnly": "system: ended | you (unconfirmed): Hello | readonly",
  "structuredMessage.structured.buttonResponsesOutbound": "bot: Choose a colour (Red) (Green) | you (sending): Hello",
  "structuredMessage.structured.card": "bot: Our offer [North flights: Details: Book now] | you (sending): Hello",
  "structuredMessage.structured.cardReplyEcho": "you (sent): Book now | you (sending): Hello",
  "structuredMessage.structured.carousel":
    "bot: Our offers [North flights: Details: Book now] [South flights: Book now] | you (sending): Hello",
  "structuredMessage.structured.datePicker": "bot: Pick a time [Choose a slot: 2 times] | you (sending): Hello",
  "structuredMessage.structured.datePickerReplyEcho": "you (sent): 12/05/2031, 09:30:00 | you (sending): Hello",
  "structuredMessage.structured.form": "bot: Please fill in [Visit form: Name, Date] | you (sending): Hello",
  "structuredMessage.structured.formReplyEcho": "you (sent): Form sent | you (sending): Hello",
  "structuredMessage.structured.genericTemplate": "bot: Old style card [Old style: Pick] | you (sending): Hello",
  "structuredMessage.structured.listPicker":
    "bot: Choose toppings [Choose toppings: Olives, Capers] | you (sending): Hello",
  "structuredMessage.structured.listPickerReplyEcho": "you (sent): Two toppings chosen | you (sending): Hello",
  "structuredMessage.structured.quickReplies":
    "bot: What do you want to do? (Track order) (Talk to a person) | you (sending): Hello",
  "structuredMessage.structured.quickReplyEcho": "you (sent): Track order | you (sending): Hello",
  "structuredMessage.text.inboundAttachmentEcho": "you (sent): See the photo [file photo.png] | you (sending): Hello",
  "structuredMessage.text.inboundAttachmentOnlyEcho": "you (sent): [file photo.png] | you (sending): Hello",
  "structuredMessage.text.inboundEcho": "you (sent): Hello",
  "structuredMessage.text.inboundEcho.legacyCustomMessageId": "you (sent): Hello, I need help | you (sending): Hello",
  "structuredMessage.text.inboundOtherDevice": "you (sent): Sent from my phone | you (sending): Hello",
  "structuredMessage.text.outboundAgent": "Robin: Robin here, let me look. | you (sending): Hello",
  "structuredMessage.text.outboundAttachment": "Robin: Here is the form [file form.pdf] | you (sending): Hello",
  "structuredMessage.text.outboundBot": "bot: Welcome! How can I help? | you (sending): Hello",
  "structuredMessage.text.outboundParticipants": "Robin Agent: Message from another participant | you (sending): Hello",
  "structuredMessage.text.unknownContent": "agent: Hi [file photo.png] | you (sending): Hello",
  tooManyRequests: "you (sending): Hello",
  unknownClass: "you (sending): Hello",
  uploadFailureEvent: "you (sending): Hello",
  uploadSuccessEvent: "you (sending): Hello",
};

function toContent(content: Content): string {
  switch (content.type) {
    case "cards":
      return content.cards
        .map(({ title, actions = [] }) => `[${[title, ...actions.map(({ text }) => text)].join(": ")}]`)
        .join(" ");
    case "date-picker":
      return `[${content.title}: ${content.times?.length} times]`;
    case "list-picker":
      return `[${content.title}: ${content.sections.flatMap(({ items }) => items.map(({ title }) => title)).join(", ")}]`;
    case "form":
      return `[${content.title}: ${content.pages.flatMap(({ fields }) => fields.map(({ title }) => title)).join(", ")}]`;
    default:
      return `[${JSON.stringify(content)}]`;
  }
}

function toLine({
  from,
  name,
  text,
  happened,
  content,
  attachments = [],
  quickReplies = [],
  delivery,
  error,
}: Message): string {
  const who = from === "guest" ? `you (${[delivery, error?.code].filter(Boolean).join(", ")})` : (name ?? from);
  const parts = [
    text ?? happened,
    content && toContent(content),
    ...attachments.map(({ name }) => `[file ${name}]`),
    ...quickReplies.map(({ text }) => `(${text})`),
  ];
  return `${who}: ${parts.filter(Boolean).join(" ")}`;
}

/** One line: the transcript, and what stands around it. */
function see({ session, messages }: WebScene): string {
  const { phase, reason, typing } = session.chat.state;
  const around = [phase !== "live" && phase, phase !== "live" && reason?.code, typing && "somebody writes"];
  return [...messages().map(toLine), ...around].filter(Boolean).join(" | ");
}

describe("to the guest, every known frame of the platform's", () => {
  for (const name of fixtureNames("server")) {
    test(`${name} is what it means`, async () => {
      const scene = await startWebScene();
      await scene.ask({ type: "open" });
      await scene.goLive();
      await scene.ask({ type: "send", text: "Hello" }, TEXT);
      await scene.tell(JSON.stringify(readFixture(`server/${name}`)));
      await settle();
      assert.equal(see(scene), SEEN[name]);
      scene.session.stop();
    });
  }

  test("the table names none that is not there", () => {
    assert.deepEqual(Object.keys(SEEN).sort(), fixtureNames("server"));
  });
});
