/** Answers to rich messages, and files, in the form of Genesys' own web client (reference, section 2.4). Fetched when one goes out. */
import type { Outgoing } from "../../session/protocol.ts";

type Frame = Record<string, unknown>;

/** The `message` of a request. */
export function toReply(message: Outgoing): Frame {
  const { id, text, payload, answer, to, attachments } = message;
  const metadata = { id, ...(answer && to && { parentMessageId: to }) };
  if (attachments?.[0]) {
    const content = attachments.map((file) => ({ contentType: "Attachment", attachment: { id: file.id } }));
    return { ...(text && { type: "Text", text }), content, metadata };
  }
  const structured = { type: "Structured", text, metadata };
  switch (answer?.type) {
    case undefined:
      return { ...structured, content: [toButton("QuickReply", text, payload)], metadata: { id } };
    case "card":
      return { ...structured, content: [toButton("Button", text, payload)], metadata: { id } };
    case "date":
      return { type: "Structured", content: [toButton("DatePicker", text, payload)], metadata };
    case "list":
      return {
        ...structured,
        content: answer.items.map((item) => toButton("ListPicker", item.text, item.payload, to)),
      };
    case "form":
      return {
        ...structured,
        content: [
          {
            contentType: "Form",
            form: {
              originatingMessageId: to,
              cannedResponseId: answer.cannedResponseId,
              response: answer.fields.map((field) => ({
                id: field.id,
                component: toButton("Form", field.text, field.payload),
              })),
            },
          },
        ],
        metadata: { id },
      };
  }
}

const toButton = (type: string, text: string, payload?: string, originatingMessageId?: string): Frame => ({
  contentType: "ButtonResponse",
  buttonResponse: { type, text, payload, originatingMessageId },
});
