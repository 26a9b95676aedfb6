/** What the platform's socket says to a guest: types, and the reading of them, which tolerates whatever it can. */
import { isNumber, isPlain, isText } from "../../shape.ts";

/** Of every frame. Decided by `class`, never by `type`: sources disagree on the latter. */
interface Envelope {
  /** Of the request that caused it. */
  tracingId?: string;
}

export type Answer = Envelope &
  (
    | { class: "SessionResponse"; body: SessionResponse }
    | { class: "StructuredMessage"; body: StructuredMessage; isResponse: boolean }
    | { class: "JwtResponse"; body: { jwt: string; exp?: number } }
    | { class: "PresignedUrlResponse"; body: PresignedUrl }
    | {
        class: "UploadSuccessEvent" | "AttachmentDeletedResponse";
        body: { attachmentId: string; downloadUrl?: string };
      }
    | { class: "ConnectionClosedEvent"; body: { reason?: string } }
    | { class: "SessionExpiredEvent" | "SessionClearedEvent" | "LogoutEvent" }
    | { class: "Refusal"; body: Refusal }
  );

export interface SessionResponse {
  connected: boolean;
  newSession: boolean;
  readOnly: boolean;
  /** The server has started the conversation: no Join is due. */
  autoStarted: boolean;
  maxCustomDataBytes?: number;
  /** MIME types, with wildcards; empty: no files. */
  fileTypes: string[];
  /** Of 1,000 bytes, as the official clients count. */
  maxFileSizeKB?: number;
  blockedExtensions: string[];
  durationSeconds?: number;
  /** ms since the epoch. */
  expiresAt?: number;
}

/** One class, two meanings: without headers and with a size it is a link to a file, else where to put one. */
export interface PresignedUrl {
  attachmentId?: string;
  url: string;
  headers: Record<string, string>;
  fileSize?: number;
}

/** An error in any of the platform's forms: a string frame, an error object, a failed upload, too many requests. */
export interface Refusal {
  /** 3xx to 5xx, or 4000 and above. */
  code: number;
  message: string;
  /** In seconds. */
  retryAfter?: number;
  attachmentId?: string;
}

export interface StructuredMessage {
  /** The server's id; "" where there is none. */
  id: string;
  /** The channel's: where there is one, the message goes by it. */
  messageId?: string;
  /** ms since the epoch. */
  time?: number;
  type: string;
  /** From the guest. */
  inbound: boolean;
  text?: string;
  bot: boolean;
  from: { name?: string; imageUrl?: string };
  content: Content[];
  events: Event[];
  metadata: Record<string, string>;
  /** Only in a history of a newer server. */
  tracingId?: string;
}

/** An item of a message, as it came: `contentType` names the field with the rest. */
export type Content = Readonly<Record<string, unknown>> & { contentType: string };

/** `type` is of its `typing` or `presence`. */
export interface Event {
  eventType: string;
  type?: string;
  /** Of typing, in ms. */
  duration?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Readings of a field: what is of another type is as absent. */
export const toFields = (value: unknown): Fields => (isPlain(value) ? value : {});
export const toList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const toText = (value: unknown): string | undefined => (isText(value) && value !== "" ? value : undefined);
const toTexts = (value: unknown): string[] => toList(value).filter(isText);
/** Metadata has numbers as strings. */
export function toNumber(value: unknown): number | undefined {
  const number = isText(value) && value.trim() !== "" ? Number(value) : value;
  return isNumber(number) ? (number as number) : undefined;
}
/** ISO 8601, to ms since the epoch. */
export function toTime(value: unknown): number | undefined {
  return isText(value) ? toNumber(Date.parse(value)) : undefined;
}

/** Seconds since the epoch are what the platform sends and ms are what two of its examples say: no date of ours is ambiguous. */
const MS_FROM = 100_000_000_000;
function toExpiry(value: unknown): number | undefined {
  const date = toNumber(value);
  return date !== undefined && date < MS_FROM ? date * 1000 : date;
}

/** Reads one text frame; null where it is of a class that nobody here knows, undefined where it is none. Never throws. */
export function parseAnswer(frame: string): Answer | null | undefined {
  try {
    const envelope: unknown = JSON.parse(frame);
    if (!isPlain(envelope) || !isText(envelope.class)) return undefined;
    const answer = toAnswer(envelope, envelope.class);
    const tracingId = toText(envelope.tracingId);
    return answer && { ...answer, ...(tracingId && { tracingId }) };
  } catch {
    return undefined;
  }
}

function toAnswer({ body: raw, code, type }: Fields, name: string): Answer | null {
  const body = toFields(raw);
  switch (name) {
    case "SessionResponse":
      return typeof body.connected === "boolean" ? { class: name, body: toSessionResponse(body) } : null;
    case "StructuredMessage":
      return isPlain(raw) ? { class: name, body: readMessage(body), isResponse: type === "response" } : null;
    case "JwtResponse": {
      const jwt = toText(body.jwt);
      return jwt ? { class: name, body: { jwt, exp: toExpiry(body.exp) } } : null;
    }
    case "PresignedUrlResponse": {
      const url = toText(body.url);
      const { attachmentId, headers, fileSize } = body;
      const own = { attachmentId: toText(attachmentId), headers: toTextsByName(headers), fileSize: toNumber(fileSize) };
      return url ? { class: name, body: { url, ...own } } : null;
    }
    case "UploadSuccessEvent":
    case "AttachmentDeletedResponse": {
      const attachmentId = toText(body.attachmentId);
      return attachmentId ? { class: name, body: { attachmentId, downloadUrl: toText(body.downloadUrl) } } : null;
    }
    case "ConnectionClosedEvent":
      return { class: name, body: { reason: toText(body.reason) ?? toText(body.reasonCode) } };
    case "SessionExpiredEvent":
    case "SessionClearedEvent":
    case "LogoutEvent":
      return { class: name };
    default:
      return toRefusal(name, raw, body, toNumber(code));
  }
}

const ERRORS = [
  "string",
  "Error",
  "ErrorMessage",
  "GenerateUrlError",
  "UploadFailureEvent",
  "TooManyRequestsErrorMessage",
];

/** What is said under a class that nobody here knows is an error where its code says so. */
function toRefusal(name: string, raw: unknown, body: Fields, outer: number | undefined): Answer | null {
  const code = toNumber(body.errorCode) ?? outer;
  if (code === undefined || code < 300 || (!ERRORS.includes(name) && (outer ?? 0) < 300)) return null;
  const message = toText(raw) ?? toText(body.errorMessage) ?? toText(body.message) ?? name;
  const { retryAfter, attachmentId } = body;
  return {
    class: "Refusal",
    body: { code, message, retryAfter: toNumber(retryAfter), attachmentId: toText(attachmentId) },
  };
}

function toSessionResponse(body: Fields): SessionResponse {
  const { fileTypes, maxFileSizeKB } = toFields(toFields(body.allowedMedia).inbound);
  return {
    connected: body.connected === true,
    newSession: body.newSession === true,
    readOnly: body.readOnly === true,
    autoStarted: body.autoStarted === true,
    maxCustomDataBytes: toNumber(body.maxCustomDataBytes),
    fileTypes: toTexts(toList(fileTypes).map((each) => toFields(each).type)),
    maxFileSizeKB: toNumber(maxFileSizeKB),
    blockedExtensions: toTexts(body.blockedExtensions),
    ...readTiming(body),
  };
}

/** How long a session lives without a word, and until when: of a SessionResponse, or of the metadata of an echo. */
export function readTiming(fields: Fields): Pick<SessionResponse, "durationSeconds" | "expiresAt"> {
  return { durationSeconds: toNumber(fields.durationSeconds), expiresAt: toExpiry(fields.expirationDate) };
}

const toTextsByName = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(toFields(value)).filter(([, each]) => isText(each))) as Record<string, string>;

/** A message as it comes over the socket or in a page of history: the latter has no envelope. */
export function readMessage(body: Fields): StructuredMessage {
  const channel = toFields(body.channel);
  const { nickname, firstName, lastName, image } = toFields(channel.from);
  const fullName = [firstName, lastName].filter(toText).join(" ");
  return {
    id: toText(body.id) ?? "",
    messageId: toText(channel.messageId),
    time: toTime(channel.time),
    type: toText(body.type) ?? "Text",
    inbound: body.direction === "Inbound",
    text: toText(body.text),
    bot: body.originatingEntity === "Bot",
    from: { name: toText(nickname) ?? toText(fullName), imageUrl: toText(image) },
    content: toList(body.content).filter((each): each is Content => isText(toFields(each).contentType)),
    events: toList(body.events).map(toEvent),
    metadata: toTextsByName(body.metadata),
    tracingId: toText(body.tracingId),
  };
}

function toEvent(value: unknown): Event {
  const event = toFields(value);
  const { type, duration, durationMs } = { ...toFields(event.typing), ...toFields(event.presence) } as Fields;
  return {
    eventType: toText(event.eventType) ?? "",
    type: toText(type),
    duration: toNumber(duration) ?? toNumber(durationMs),
  };
}
