/** What a message of web messaging holds beside its text, in the words of the chat (reference, section 3.4). */
import type { QuickReply } from "../../chat/message.ts";
import type {
  Attachment,
  Card,
  CardAction,
  Dates,
  Content as Element,
  FormField,
  FormPage,
  Heading,
  ListItem,
  ListSection,
} from "../../chat/rich.ts";
import { type Content, toFields, toList, toNumber, toText, toTime } from "../../wire/web-messaging/answers.ts";

export interface Rich {
  attachments: Attachment[];
  quickReplies: QuickReply[];
  content?: Element;
  /** What buttons say that were pressed, and what nobody here can show but read. */
  texts: string[];
}

type Fields = ReturnType<typeof toFields>;

/** An item of a type that is not known leaves its text. `inbound`: a button in it was pressed, and is no offer. */
export function toRich(items: readonly Content[], inbound: boolean): Rich {
  const rich: Rich = { attachments: [], quickReplies: [], texts: [] };
  const cards: Card[] = [];
  for (const item of items) {
    const { contentType } = item;
    const fields = toFields(item[NAMES[contentType] ?? lowerFirst(contentType)]);
    switch (contentType) {
      case "Attachment":
        rich.attachments.push(...toAttachment(fields));
        break;
      case "QuickReply":
        rich.quickReplies.push(...toQuickReply(fields));
        break;
      case "QuickReplyV2":
        rich.texts.push(...present(toText(fields.title)));
        rich.quickReplies.push(...toList(fields.actions).map(toFields).flatMap(toQuickReply));
        break;
      case "ButtonResponse":
        if (inbound) rich.texts.push(...present(toText(fields.text)));
        else rich.quickReplies.push(...toQuickReply(fields));
        break;
      case "Card":
      case "GenericTemplate":
        cards.push(...toCard(fields));
        break;
      case "Carousel":
        cards.push(...toList(fields.cards).map(toFields).flatMap(toCard));
        break;
      case "DatePicker":
        rich.content ??= { type: "date-picker", ...toHeading(fields), ...toDates(fields) };
        break;
      case "ListPicker":
        rich.content ??= toListPicker(fields);
        break;
      case "Form":
        if (inbound) rich.texts.push(...toAnswers(fields));
        else rich.content ??= toForm(fields);
        break;
      default:
        rich.texts.push(...present(findText(fields)));
    }
  }
  if (cards.length > 0) rich.content ??= { type: "cards", cards };
  return rich;
}

/** Where the field is not called as its type. */
const NAMES: Readonly<Record<string, string>> = { GenericTemplate: "generic" };
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const present = (text: string | undefined): string[] => (text === undefined ? [] : [text]);
const findText = ({ text, body, title }: Fields): string | undefined =>
  toText(text) ?? toText(body) ?? toText(title) ?? undefined;

function toAttachment({ id, url, filename, mime, fileSize, text }: Fields): Attachment[] {
  const known = toText(id) ?? toText(url);
  if (!known) return [];
  const name = toText(filename) ?? toText(text) ?? "";
  return [{ id: known, name, url: toText(url), mime: toText(mime), bytes: toNumber(fileSize) }];
}

function toQuickReply({ text, payload, image }: Fields): QuickReply[] {
  const label = toText(text) ?? toText(payload);
  return label ? [{ text: label, payload: toText(payload) ?? label, imageUrl: toText(image) }] : [];
}

function toCard({ title, description, image, defaultAction, actions, components }: Fields): Card[] {
  const heading = toText(title) ?? toText(description);
  if (!heading) return [];
  const { type, url } = toFields(defaultAction);
  // The old templates have their buttons in components.
  const old = toList(components).map((component) => {
    const { title: text, actions: does } = toFields(component);
    const { textback, url: link } = toFields(does);
    return { text, payload: textback, url: link, type: toText(link) ? "Link" : "Postback" };
  });
  return [
    {
      title: heading,
      description: toText(title) && toText(description),
      imageUrl: toText(image),
      url: type === "Link" ? toText(url) : undefined,
      actions: [...toList(actions), ...old].map(toFields).flatMap(toAction),
    },
  ];
}

function toAction({ type, text, url, payload }: Fields): CardAction[] {
  const link = toText(url);
  const label = toText(text) ?? toText(payload) ?? link;
  if (!label) return [];
  if (type === "Link") return link ? [{ type: "link", text: label, url: link }] : [];
  return [{ type: "reply", text: label, payload: toText(payload) ?? label }];
}

function toHeading({ title, subtitle, imageUrl }: Fields): Heading {
  return { title: toText(title), subtitle: toText(subtitle), imageUrl: toText(imageUrl) };
}

function toDates({ availableTimes, dateMinimum, dateMaximum }: Fields): Dates {
  const times = toList(availableTimes).flatMap((each) => {
    const { dateTime, duration } = toFields(each);
    const [at, seconds] = [toTime(dateTime), toNumber(duration)];
    return at === undefined ? [] : [{ at, ...(seconds !== undefined && { durationMs: seconds * 1000 }) }];
  });
  return { times, earliest: toTime(dateMinimum), latest: toTime(dateMaximum) };
}

function toListPicker({ sections, receivedMessage }: Fields): Element {
  const { buttonLabel, ...heading } = toFields(receivedMessage);
  return {
    type: "list-picker",
    ...toHeading(heading),
    buttonText: toText(buttonLabel),
    sections: toSections(sections),
  };
}

const toSections = (sections: unknown): ListSection[] =>
  toList(sections).map((section) => {
    const { title, multipleSelection, items } = toFields(section);
    return { title: toText(title), multiple: multipleSelection === true, items: toItems(items) };
  });

const toItems = (items: unknown): ListItem[] =>
  toList(items).flatMap((item) => {
    const fields = toFields(item);
    const heading = toHeading(fields);
    const title = heading.title ?? heading.subtitle;
    const id = toText(fields.id) ?? title;
    return id && title ? [{ ...heading, id, title }] : [];
  });

function toForm(form: Fields): Element {
  const { cannedResponseId, introduction, formPages, receivedMessage, replyMessage, showSummary } = form;
  const opening = toFields(introduction);
  const start = { ...toHeading(opening), buttonText: toText(opening.buttonText) };
  return {
    type: "form",
    ...toHeading(toFields(receivedMessage)),
    cannedResponseId: toText(cannedResponseId),
    introduction: Object.values(start).some(Boolean) ? start : undefined,
    pages: toList(formPages).map(toPage),
    showSummary: showSummary === true,
    sentText: toText(toFields(replyMessage).title),
  };
}

function toPage(page: unknown): FormPage {
  const fields = toFields(page);
  return { ...toHeading(fields), fields: toList(fields.pageComponents).flatMap(toField) };
}

function toField(component: unknown): FormField[] {
  const { formComponentType, ...rest } = toFields(component);
  const type = toText(formComponentType) ?? "";
  const field = toFields(rest[lowerFirst(type)]);
  const id = toText(field.id);
  if (!id) return [];
  const common = { ...toHeading(field), id, required: field.isRequired === true };
  switch (type) {
    case "DatePicker":
      return [{ ...common, type: "date", ...toDates(field) }];
    case "ListPicker":
      return [{ ...common, type: "list", sections: toSections(field.sections) }];
    case "WheelPicker":
      return [{ ...common, type: "wheel", items: toItems(field.items) }];
    default:
      // Whatever it is, words will do for an answer.
      return [
        {
          ...common,
          type: "text",
          multiline: field.isMultipleLine === true,
          placeholder: toText(field.placeholderText),
          keyboard: toText(field.keyboardType),
          autocomplete: toText(field.autoCompleteType),
        },
      ];
  }
}

/** Of a form that was sent. */
const toAnswers = ({ response }: Fields): string[] =>
  toList(response).flatMap((answer) => {
    const { buttonResponse } = toFields(toFields(answer).component);
    return present(toText(toFields(buttonResponse).text));
  });
