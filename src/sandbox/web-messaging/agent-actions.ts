/** What an agent can send in web messaging beyond words: one action for each kind of content, and one for any. */
import * as v from "valibot";
import { someText } from "../http.ts";
import type { WebSide } from "../sessions.ts";
import type { Content } from "./content.ts";

const text = v.optional(someText);
const time = v.pipe(
  v.string(),
  v.check((value) => !Number.isNaN(Date.parse(value)), "Expected a time in ISO 8601"),
);

const cardAction = v.variant("type", [
  v.object({ type: v.literal("Link"), text: someText, url: someText }),
  v.object({ type: v.literal("Postback"), text: someText, payload: someText }),
]);
/** Strict clients drop the whole frame without a description, so that one is made of the title. */
const card = v.pipe(
  v.object({
    title: someText,
    description: text,
    image: text,
    defaultAction: v.optional(cardAction),
    actions: v.optional(v.array(cardAction), []),
  }),
  v.transform((given) => ({ ...given, description: given.description ?? given.title })),
);

const datePicker = v.object({
  title: someText,
  subtitle: text,
  imageUrl: text,
  dateMinimum: v.optional(time),
  dateMaximum: v.optional(time),
  availableTimes: v.optional(v.array(v.object({ dateTime: time, duration: v.optional(v.number(), 1800) }))),
});

const said = v.object({ title: someText, subtitle: text, header: text, buttonLabel: text, imageUrl: text });
const section = v.object({
  title: someText,
  multipleSelection: v.optional(v.boolean(), false),
  items: v.pipe(
    v.array(v.object({ id: someText, title: someText, subtitle: text, imageUrl: text })),
    v.nonEmpty("Expected an item"),
  ),
});
const listPicker = v.object({
  id: v.optional(someText, "list"),
  sections: v.pipe(v.array(section), v.nonEmpty("Expected a section")),
  receivedMessage: said,
  replyMessage: v.optional(said),
});

const form = v.object({
  cannedResponseId: v.optional(someText, "form"),
  introduction: v.optional(v.object({ title: someText, subtitle: text, buttonText: text })),
  formPages: v.pipe(
    v.array(
      v.object({
        title: someText,
        subtitle: text,
        pageComponents: v.array(v.looseObject({ formComponentType: someText })),
      }),
    ),
    v.nonEmpty("Expected a page"),
  ),
  receivedMessage: said,
  replyMessage: v.optional(said),
  showSummary: v.optional(v.boolean(), true),
});

/** `common`: what any action may have. The types of the variants are what the spread keeps. */
export const richActions = <C extends v.ObjectEntries>(common: C) =>
  [
    v.strictObject({ ...common, do: v.literal("card"), text, card }),
    v.strictObject({ ...common, do: v.literal("carousel"), text, cards: v.pipe(v.array(card), v.minLength(1)) }),
    v.strictObject({ ...common, do: v.literal("datePicker"), text, datePicker }),
    v.strictObject({ ...common, do: v.literal("listPicker"), text, listPicker }),
    v.strictObject({ ...common, do: v.literal("form"), text, form }),
    v.strictObject({
      ...common,
      do: v.literal("file"),
      text,
      fileName: v.pipe(someText, v.maxLength(1023)),
      /** MIME type. */
      fileType: v.optional(someText, "application/octet-stream"),
      /** Base64. */
      data: v.pipe(v.string(), v.base64("Expected base64")),
    }),
    /** As it is, also what no client knows. */
    v.strictObject({
      ...common,
      do: v.literal("content"),
      text,
      content: v.pipe(v.array(v.looseObject({ contentType: someText })), v.minLength(1)),
    }),
    v.strictObject({ ...common, do: v.literal("clear") }),
  ] as const;

type RichAction = v.InferOutput<ReturnType<typeof richActions<Record<never, never>>>[number]>;

export async function toContent(web: WebSide, action: Exclude<RichAction, { do: "clear" }>): Promise<Content[]> {
  switch (action.do) {
    case "card":
      return [{ contentType: "Card", card: action.card }];
    case "carousel":
      return [{ contentType: "Carousel", carousel: { cards: action.cards } }];
    case "datePicker":
      return [{ contentType: "DatePicker", datePicker: action.datePicker }];
    case "listPicker":
      return [{ contentType: "ListPicker", listPicker: action.listPicker }];
    case "form":
      return [{ contentType: "Form", form: action.form }];
    case "file": {
      const bytes = Uint8Array.from(atob(action.data), (char) => char.charCodeAt(0));
      return [await web.offer({ fileName: action.fileName, fileType: action.fileType, bytes })];
    }
    case "content":
      return action.content;
  }
}
