/** What goes out beside plain texts: in the very form of Genesys' own web client, as the reference has it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toReply } from "../../../src/protocols/web-messaging/replies.ts";
import type { Outgoing } from "../../../src/session/protocol.ts";
import { type Json, readFixture } from "../../support/web-messaging-script.ts";

const ASKED = "5f0c2a9b7d3e4168a1b2c3d4000000";
const photo = [{ id: "b7e0c9d2-4a31-4d7e-8f55-0a1b2c3d4e5f", name: "photo.png", mime: "image/png", bytes: 424_242 }];

/** By the fixture that it is to be, less its own id. */
const REPLIES: Readonly<Record<string, Omit<Outgoing, "id" | "text"> & { text?: string }>> = {
  // As a session sends it: there is no text, not an empty one.
  "attachmentOnly.web": { text: undefined, attachments: photo },
  "text.attachment": { text: "See the photo", attachments: photo },
  "quickReply.web": { text: "Track order", payload: "TRACK", to: `${ASKED}11` },
  cardReply: { text: "Book now", payload: "book-42", answer: { type: "card" }, to: `${ASKED}12` },
  "datePickerReply.web": {
    text: "12/05/2031, 09:30:00",
    payload: "2031-05-12T09:30:00.000Z",
    answer: { type: "date" },
    to: `${ASKED}1e`,
  },
  "listPickerReply.web": {
    text: "Two toppings chosen",
    payload: "item-olives",
    answer: {
      type: "list",
      items: [
        { text: "Olives", payload: "item-olives" },
        { text: "Capers", payload: "item-capers" },
      ],
    },
    to: `${ASKED}1f`,
  },
  "formReply.web": {
    text: "Form sent",
    payload: "",
    answer: {
      type: "form",
      cannedResponseId: "6b7a8998-a7b6-45c4-93d2-e1f00f1e2d3c",
      fields: [
        { id: "field-name", text: "Ada", payload: "Ada" },
        { id: "field-date", text: "12/05/2031", payload: "2031-05-12T00:00:00.000Z" },
      ],
    },
    to: `${ASKED}20`,
  },
};

for (const [name, given] of Object.entries(REPLIES)) {
  test(`${name} goes out as the web client sends it`, () => {
    const { message } = readFixture(`client/onMessage.${name}`) as { message: Json & { metadata?: { id?: string } } };
    const id = message.metadata?.id ?? "m-1";
    const sent = JSON.parse(JSON.stringify(toReply({ id, ...given } as Outgoing)));
    assert.deepEqual(sent, { ...message, metadata: { ...message.metadata, id } });
  });
}
