/** What a message may hold beside its text, as the platform sends it (section 3.4 of the protocol). Types only. */
import type { ButtonResponse, FormResponse } from "../../wire/web-messaging/requests.ts";
import type { AttachmentContent } from "./uploads.ts";

/** `contentType` names the field that holds the rest. */
export type Content =
  | { contentType: "Attachment"; attachment: AttachmentContent }
  | { contentType: "QuickReply"; quickReply: { text: string; payload: string; action: "Message"; image?: string } }
  | { contentType: "ButtonResponse"; buttonResponse: ButtonResponse }
  | { contentType: "Card"; card: Card }
  | { contentType: "Carousel"; carousel: { cards: readonly Card[] } }
  | { contentType: "DatePicker"; datePicker: DatePicker }
  | { contentType: "ListPicker"; listPicker: ListPicker }
  | { contentType: "Form"; form: Form | FormResponse }
  /** For tests of what a client makes of it. */
  | { contentType: string; [field: string]: unknown };

/** Each has a text and each card a description: without them strict clients drop the whole frame. */
export type CardAction =
  | { type: "Link"; text: string; url: string }
  | { type: "Postback"; text: string; payload: string };

export interface Card {
  title: string;
  description: string;
  image?: string;
  defaultAction?: CardAction;
  actions: readonly CardAction[];
}

export interface DatePicker {
  title: string;
  subtitle?: string;
  imageUrl?: string;
  /** ISO 8601. */
  dateMinimum?: string;
  dateMaximum?: string;
  /** `dateTime` in ISO 8601, `duration` in seconds. */
  availableTimes?: readonly { dateTime: string; duration: number }[];
}

interface PickerMessage {
  title: string;
  subtitle?: string;
  header?: string;
  buttonLabel?: string;
  imageUrl?: string;
}

export interface ListPicker {
  id: string;
  sections: readonly {
    title: string;
    multipleSelection: boolean;
    items: readonly { id: string; title: string; subtitle?: string; imageUrl?: string }[];
  }[];
  receivedMessage: PickerMessage;
  replyMessage?: PickerMessage;
}

export interface Form {
  cannedResponseId: string;
  introduction?: { title: string; subtitle?: string; buttonText?: string };
  formPages: readonly {
    title: string;
    subtitle?: string;
    /** `formComponentType` names the field that holds the rest. */
    pageComponents: readonly { formComponentType: string; [field: string]: unknown }[];
  }[];
  receivedMessage: PickerMessage;
  replyMessage?: PickerMessage;
  showSummary?: boolean;
}
