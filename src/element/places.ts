/** What the transcript shows around a message: the day above it, its place in a group, its delivery. */
import { isPending, type Message } from "../chat/message.ts";

export interface Place {
  /** The first of its day. */
  day: boolean;
  /** The first and the last of a group: one writer without a pause. */
  first: boolean;
  last: boolean;
  /** How the delivery stands is shown below. */
  delivery: boolean;
  /** Of a conversation before: nothing in it can be answered any more. */
  old: boolean;
}

const PAUSE = 5 * 60_000;

const isOneDay = (a: Message, b: Message): boolean =>
  new Date(a.sentAt).toDateString() === new Date(b.sentAt).toDateString();

/** What is on its way bears our clock, the rest the server's: no pause can be measured between them. */
const isOneGroup = (a: Message, b: Message | undefined): boolean =>
  a.from === b?.from &&
  a.name === b.name &&
  (isPending(a) !== isPending(b) || (b.sentAt - a.sentAt < PAUSE && isOneDay(a, b)));

const hasFailed = ({ delivery }: Message): boolean => delivery === "failed" || delivery === "unconfirmed";

/** The place of each, in order. */
export function toPlaces(messages: readonly Message[]): Place[] {
  const lastOwn = messages.findLast((message) => message.from === "guest" && !hasFailed(message));
  const showsDelivery = (message: Message) => message === lastOwn || hasFailed(message);
  // Quick replies stand below their bubble: what comes after them is another group.
  const isLast = (message: Message, after?: Message) =>
    showsDelivery(message) || !!message.quickReplies?.length || !isOneGroup(message, after);
  const end = messages.findLastIndex(({ happened }) => happened === "ended" || happened === "new-conversation");
  return messages.map((message, index) => {
    const before = messages[index - 1];
    return {
      day: !before || !isOneDay(before, message),
      first: !before || isLast(before, message),
      last: isLast(message, messages[index + 1]),
      delivery: showsDelivery(message),
      old: index < end,
    };
  });
}
