/** What a guest's end sends over the socket of web messaging (section 2 of the protocol): types, and the check of a frame. */
import {
  type Check,
  findFault,
  hasShape,
  isBoolean,
  isNumber,
  isOneOf,
  isPlain,
  isText,
  optional,
  type Shape,
} from "../../shape.ts";

/** The server's frames carry it back. */
interface Traced {
  tracingId?: string;
}

/** Whose the request is: made up by the guest's end, and the same on all his devices. */
interface Owned extends Traced {
  token: string;
}

export interface ConfigureSession extends Owned {
  action: "configureSession";
  deploymentId: string;
  startNew?: boolean;
}

export interface ConfigureAuthenticatedSession extends Owned {
  action: "configureAuthenticatedSession";
  deploymentId: string;
  startNew?: boolean;
  /** `code`: the JWT of the exchange call. */
  data: { code: string };
}

export interface GetConfiguration extends Owned {
  action: "getConfiguration";
  deploymentId: string;
}

export interface OnMessage extends Owned {
  action: "onMessage";
  message: InboundMessage;
  /** Mobile and web put it into the message, others beside it. */
  channel?: InboundChannel;
}

export interface Echo extends Traced {
  action: "echo";
  token?: string;
  message?: { text?: string };
}

export interface OnAttachment extends Owned {
  action: "onAttachment";
  attachmentId?: string;
  fileName: string;
  /** MIME type. */
  fileType: string;
  /** In bytes. */
  fileSize: number;
  /** Errors are wanted as GenerateUrlError, not as texts. */
  errorsAsJson?: boolean;
}

export interface AboutAttachment extends Owned {
  action: "getAttachment" | "deleteAttachment";
  attachmentId: string;
}

export interface GetJwt extends Owned {
  action: "getJwt";
}

export interface CloseSession extends Owned {
  action: "closeSession";
  closeAllConnections?: boolean;
}

export type Request =
  | ConfigureSession
  | ConfigureAuthenticatedSession
  | GetConfiguration
  | OnMessage
  | Echo
  | OnAttachment
  | AboutAttachment
  | GetJwt
  | CloseSession;

export interface InboundChannel {
  metadata?: { customAttributes?: Record<string, string> };
}

/** The two official clients differ in `type` and `text` for one act: only `content` and `events` say what is meant. */
export interface InboundMessage {
  type?: "Text" | "Structured" | "Event";
  text?: string;
  content?: InboundContent[];
  events?: InboundEvent[];
  /** The client's own; comes back with the echo. */
  metadata?: Record<string, string>;
  channel?: InboundChannel;
}

/** Extra fields travel on: the echo has the content as it was sent. */
export type InboundContent =
  | { contentType: "Attachment"; attachment: { id: string } }
  | { contentType: "ButtonResponse"; buttonResponse: ButtonResponse }
  | { contentType: "Form"; form: FormResponse };

export interface ButtonResponse {
  type: (typeof BUTTON_TYPES)[number];
  text: string;
  payload: string;
  originatingMessageId?: string;
}

export interface FormResponse {
  originatingMessageId?: string;
  cannedResponseId?: string;
  response: { id: string; component: { contentType: "ButtonResponse"; buttonResponse: ButtonResponse } }[];
}

export type InboundEvent =
  | { eventType: "Typing"; typing: { type: "On" } }
  | { eventType: "Presence"; presence: { type: (typeof PRESENCES)[number] } }
  | { eventType: "CoBrowse" | "Video" };

export const BUTTON_TYPES = ["Button", "QuickReply", "DatePicker", "ListPicker", "Form"] as const;

/** Guests' ends send Join and Clear; the schema allows the others both ways. */
export const PRESENCES = [
  "Join",
  "Disconnect",
  "Clear",
  "SignIn",
  "SessionExpired",
  "Authenticate",
  "AuthenticateCancel",
  "AuthenticateFailure",
] as const;

/** Why a frame was not taken: names the field, never its content. `code`: 400, or 4020 for a field that is missing. */
export interface Refused extends Traced {
  refused: string;
  code: 400 | 4020;
}

export const isRefused = (value: object): value is Refused => "refused" in value;

/** The largest frame that is taken, in characters. No limit of the platform's is known. */
const FRAME_MAX = 1_048_576;

const isFilled: Check = (value) => isText(value) && value !== "";
const areTexts: Check = (value) => isPlain(value) && Object.values(value).every(isText);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const isButtonResponse = hasShape({
  type: isOneOf(...BUTTON_TYPES),
  text: isText,
  payload: isText,
  originatingMessageId: optional(isText),
});
const isFormField = hasShape({
  id: isText,
  component: hasShape({ contentType: isOneOf("ButtonResponse"), buttonResponse: isButtonResponse }),
});
const isForm = hasShape({
  originatingMessageId: optional(isText),
  cannedResponseId: optional(isText),
  response: isListOf(isFormField),
});

/** What a guest may send: cards and pickers only ever come from the other side. */
const CONTENTS: Readonly<Record<string, Shape>> = {
  Attachment: { attachment: hasShape({ id: isFilled }) },
  ButtonResponse: { buttonResponse: isButtonResponse },
  Form: { form: isForm },
};

const EVENTS: Readonly<Record<string, Shape>> = {
  Typing: { typing: hasShape({ type: isOneOf("On") }) },
  Presence: { presence: hasShape({ type: isOneOf(...PRESENCES) }) },
  // What the official client sends with them is not known.
  CoBrowse: {},
  Video: {},
};

/** Of the shape that the item itself names. */
const isNamed =
  (field: string, shapes: Readonly<Record<string, Shape>>): Check =>
  (value) => {
    const name = isPlain(value) ? value[field] : undefined;
    return isText(name) && Object.hasOwn(shapes, name) && findFault(value, shapes[name] as Shape) === null;
  };

const isChannel = optional(hasShape({ metadata: optional(hasShape({ customAttributes: optional(areTexts) })) }));
const isMessage: Shape = {
  type: optional(isOneOf("Text", "Structured", "Event")),
  text: optional(isText),
  content: optional(isListOf(isNamed("contentType", CONTENTS))),
  events: optional(isListOf(isNamed("eventType", EVENTS))),
  metadata: optional(areTexts),
  channel: isChannel,
};

const OWNED: Shape = { token: isFilled };
const CONFIGURE: Shape = { ...OWNED, deploymentId: isFilled, startNew: optional(isBoolean) };
const ABOUT_ATTACHMENT: Shape = { ...OWNED, attachmentId: isFilled };

/** Only what a server needs: what official clients leave out is missing from none of them. */
const REQUESTS: Readonly<Record<Request["action"], Shape>> = {
  configureSession: CONFIGURE,
  configureAuthenticatedSession: { ...CONFIGURE, data: hasShape({ code: isFilled }) },
  getConfiguration: { ...OWNED, deploymentId: isFilled },
  onMessage: { ...OWNED, message: isPlain, channel: isChannel },
  echo: { token: optional(isFilled), message: optional(hasShape({ text: optional(isText) })) },
  onAttachment: {
    ...OWNED,
    attachmentId: optional(isFilled),
    fileName: isText,
    fileType: isText,
    fileSize: (value) => isNumber(value) && (value as number) >= 0,
    errorsAsJson: optional(isBoolean),
  },
  getAttachment: ABOUT_ATTACHMENT,
  deleteAttachment: ABOUT_ATTACHMENT,
  getJwt: OWNED,
  closeSession: { ...OWNED, closeAllConnections: optional(isBoolean) },
};

/** A field that is null is as one that is missing: some clients write all that they know. A list would get a hole. */
function dropNull(this: unknown, _name: string, value: unknown): unknown {
  return value === null && !Array.isArray(this) ? undefined : value;
}

/** Reads one text frame that a guest's end has sent, or says why it is none. Extra fields stay. Never throws. */
export function parseRequest(text: unknown): Request | Refused {
  if (!isText(text)) return { refused: "not a text frame", code: 400 };
  if (text.length > FRAME_MAX) return { refused: "larger than 1 MiB", code: 400 };
  let frame: unknown;
  try {
    frame = JSON.parse(text, dropNull);
  } catch {
    return { refused: "not JSON", code: 400 };
  }
  if (!isPlain(frame)) return { refused: "no object", code: 400 };
  const { action, tracingId, message } = frame;
  const traced = isText(tracingId) ? { tracingId } : {};
  const refuse = (fields: Record<string, unknown>, field: string, prefix = ""): Refused => ({
    refused: `${prefix}${field}`,
    code: fields[field] === undefined ? 4020 : 400,
    ...traced,
  });
  if (tracingId !== undefined && !isText(tracingId)) return refuse(frame, "tracingId");
  if (!isText(action)) return refuse(frame, "action");
  if (!Object.hasOwn(REQUESTS, action)) return { refused: "unknown action", code: 400, ...traced };
  const fault = findFault(frame, REQUESTS[action as Request["action"]]);
  if (fault !== null) return refuse(frame, fault);
  if (action === "onMessage" && isPlain(message)) {
    const wrong = findFault(message, isMessage);
    if (wrong !== null) return refuse(message, wrong, "message.");
  }
  return frame as unknown as Request;
}
