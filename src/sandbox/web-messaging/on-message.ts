/** onMessage: words, replies and events of the guest (sections 2.4 and 2.5 of the protocol), checked and put into the conversation. */
import type { InboundContent, InboundEvent, InboundMessage, OnMessage } from "../../wire/web-messaging/requests.ts";
import type { Content } from "./content.ts";
import { type Frame, refuse, refuseMissing, refuseRate } from "./frames.ts";
import type { GuestSession } from "./guest-session.ts";
import type { GuestLine } from "./line.ts";
import type { Outcome } from "./uploads.ts";

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

const READ_ONLY = "The conversation is read-only";

/** The refusal; undefined when it was taken: its echo is all the answer there is. */
export function onMessage(line: GuestLine, guest: GuestSession, request: OnMessage): Frame | undefined {
  const { type, events = [] } = request.message;
  const isEvent = type === "Event" || (type === undefined && events.length > 0);
  return isEvent ? tellEvents(line, guest, request) : say(line, guest, request);
}

/** The two places where clients put them. */
const toAttributes = ({ message, channel }: OnMessage): Record<string, string> => ({
  ...channel?.metadata?.customAttributes,
  ...message.channel?.metadata?.customAttributes,
});

/** Keeps custom attributes; too many refuse what they came with. */
function takeAttributes(line: GuestLine, guest: GuestSession, request: OnMessage): Frame | undefined {
  const attributes = toAttributes(request);
  const names = Object.keys(attributes);
  if (names.length === 0) return undefined;
  const most = line.shared.deployment.limits.customDataBytes;
  const bytes = Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + byteLength(name) + byteLength(value),
    0,
  );
  if (bytes > most) return refuse(4013, `Custom attributes are larger than ${most} bytes`, request.tracingId);
  const { session } = guest;
  line.shared.sessions.change(session, { attributes: { ...session.guest.attributes, ...attributes } });
  return undefined;
}

/** What stands against an event, as the whole message is refused then. */
function findEventFault(line: GuestLine, guest: GuestSession, event: InboundEvent): [number, string] | null {
  const { typing, clear } = line.shared.deployment;
  const isClear = event.eventType === "Presence" && event.presence.type === "Clear";
  if (isClear) return clear ? null : [403, "The Conversation Clear event is not supported by this deployment"];
  if (guest.conversation.readOnly) return [409, READ_ONLY];
  if (event.eventType !== "Typing" || typing.guest) return null;
  return [403, "Typing events are not enabled for this deployment"];
}

function tellEvents(line: GuestLine, guest: GuestSession, request: OnMessage): Frame | undefined {
  const { tracingId } = request;
  const { events = [] } = request.message;
  if (events.length === 0) return refuseMissing("message.events", tracingId);
  for (const event of events) {
    const fault = findEventFault(line, guest, event);
    if (fault) return refuse(...fault, tracingId);
  }
  const refusal = takeAttributes(line, guest, request);
  if (refusal) return refusal;
  const isKept = events.some(({ eventType }) => eventType !== "Typing");
  guest.tellEvents({ direction: "Inbound", events }, { tracingId, isKept, metadata: request.message.metadata });
  const has = (name: string) => events.some((event) => event.eventType === "Presence" && event.presence.type === name);
  if (events.some(({ eventType }) => eventType === "Typing")) guest.conversation.type("guest", true);
  if (has("Join")) guest.conversation.open();
  if (has("Clear")) line.shared.guests.clear(guest);
  return undefined;
}

function say(line: GuestLine, guest: GuestSession, request: OnMessage): Frame | undefined {
  const { message, tracingId } = request;
  const { deployment, messageRate } = line.shared;
  const { conversation, session } = guest;
  const known = tracingId === undefined ? undefined : conversation.find(tracingId);
  // What was accepted once stays accepted, whatever has happened since.
  if (known && deployment.switches.dedupByTracingId) return guest.toEcho(known);
  if (conversation.readOnly) return refuse(409, READ_ONLY, tracingId);
  const { text = "", content = [], metadata, type } = message;
  if (text === "" && content.length === 0) return refuseMissing("message.text", tracingId);
  const bytes = byteLength(text);
  const most = deployment.limits.textBytes;
  if (bytes > most) return refuse(4011, `Text of ${bytes} bytes exceeds ${most}`, tracingId);
  const wait = messageRate.take(session.id);
  if (wait > 0) return refuseRate(4029, "Too many messages for this session", wait, tracingId);
  const refusal = takeAttributes(line, guest, request);
  if (refusal) return refusal;
  const attached = attach(line, content);
  if (!attached.ok) return refuse(attached.fault.errorCode, attached.fault.errorMessage, tracingId);
  guest.say({
    ...toReadable(message),
    ...(content.length > 0 && { content: attached.body }),
    wording: { type: type === "Structured" ? "Structured" : "Text", text, metadata },
    tracingId,
  });
  return undefined;
}

/** Each attachment as others see it; none is used up when one of them cannot be sent. */
function attach(line: GuestLine, content: readonly InboundContent[]): Outcome<Content[]> {
  const { uploads } = line.shared;
  const ids = content.flatMap((each) => (each.contentType === "Attachment" ? [each.attachment.id] : []));
  for (const id of ids) {
    const found = uploads.refresh(line.asker, id);
    if (!found.ok) return found;
  }
  const body: Content[] = [];
  for (const each of content) {
    const sent = each.contentType === "Attachment" ? uploads.send(line.asker, each.attachment.id) : undefined;
    if (sent && !sent.ok) return sent;
    body.push(sent ? { contentType: "Attachment", attachment: sent.body } : (each as Content));
  }
  return { ok: true, body };
}

/** What people read of it, and what was chosen. */
function toReadable({ text, content = [] }: InboundMessage): { text?: string; payload?: string } {
  const buttons = content.flatMap((each) => (each.contentType === "ButtonResponse" ? [each.buttonResponse] : []));
  const label = buttons.map((button) => button.text).join(", ");
  return { text: text || label || undefined, payload: buttons[0]?.payload };
}
