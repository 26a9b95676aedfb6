/** Otto, the bot of a made-up shop for travel goods: greets, types, answers by script, and is silent once an agent has come. */
import type { Conversation, Message } from "./conversation.ts";
import type { SandboxClock } from "./options.ts";

const NAME = "Otto";

/** With the greeting; what they say is answered like any text, but for the last. */
const CHOICES = [
  { text: "Where is my order?", payload: "order" },
  { text: "Returns", payload: "returns" },
  { text: "Talk to a person", payload: "person" },
];

const GREETING =
  "Welcome to Fernweh! I am Otto, the shop's bot. Ask me about an order, a return, our opening hours, or what to pack.";

/** The first that fits answers: questions before greetings, so that "Hi, where is my order?" is answered. */
const SCRIPT: readonly (readonly [RegExp, string])[] = [
  [
    /\b(returns?|refund|exchange|send back)\b/i,
    "Returns are free for 30 days. Put the label from your parcel on it and drop it at any post office; the refund takes about five days.",
  ],
  [
    /\b(order|parcel|package|delivery|deliver|shipping|ship|track(ing)?)\b/i,
    "Orders leave our warehouse within one working day and take two to four days. The tracking link is in the e-mail that we sent when yours was packed.",
  ],
  [
    /\b(open|opening|hours|closed?|when)\b/i,
    "Our opening hours: Monday to Friday from 9 to 18, Saturday from 10 to 16. On Sundays we are travelling ourselves.",
  ],
  [
    /\b(lamps?|lights?|lantern|torch)\b/i,
    "The Polaris lamp is our lightest: 86 g, 40 hours on one charge, and bright enough to read a map in a tent.",
  ],
  [
    /\b(backpacks?|bags?|rucksack|luggage)\b/i,
    "For a weekend take the Nomad 28 backpack, for longer journeys the Nomad 45. Both are let on any aeroplane as hand luggage when half empty.",
  ],
  [
    /\b(maps?|atlas|guides?)\b/i,
    "We print maps of 42 regions on paper that neither tears nor minds the rain. Which way are you going?",
  ],
  [/\b(thanks?|thank you|cheers)\b/i, "You are welcome! Is there anything else?"],
  [/\b(bye|goodbye|see you)\b/i, "Goodbye, and a good journey!"],
  [/\b(hello|hi|hey|good (morning|afternoon|evening|day))\b/i, "Hello! What can I do for you today?"],
];

/** Asks for an agent. */
const PERSON = /\b(agent|human|person|colleague|somebody|someone)\b/i;

const HAND_OVER =
  "I have told my colleagues: somebody will join this conversation as soon as they can. You can go on writing, they will read it.";

const FALLBACK =
  'I am a small bot and have not understood that. I know about orders, returns, opening hours, lamps, backpacks and maps; for everything else write "person", and a colleague will come.';

/** What Otto says to a text; the same text has always the same answer. */
export const toAnswer = (text: string): string => SCRIPT.find(([pattern]) => pattern.test(text))?.[1] ?? FALLBACK;

const asksForPerson = ({ text = "", payload }: Message): boolean => payload === "person" || PERSON.test(text);

/** What he says at once. */
export type Saying = Pick<Message, "text" | "quickReplies" | "content">;

/** What he can do beyond words, where the dialect has more. */
export interface Showcase {
  /** Said after his greeting, and when he has not understood. */
  hint: string;
  /** Undefined when it is a matter for words. Never rejects. */
  answer(message: Message): Promise<readonly Saying[]> | undefined;
}

/** Lets Otto take part in a conversation. `delayMs`: how long he types. Once he has handed over he listens no more. */
export function attachBot(conversation: Conversation, clock: SandboxClock, delayMs: number, showcase?: Showcase): void {
  const pending = new Set<() => void>();
  const type = (on: boolean) => conversation.type("bot", on, NAME);

  const say = (...sayings: Saying[]) => {
    if (pending.size === 0) type(true);
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      for (const saying of sayings) conversation.post({ from: "bot", name: NAME, ...saying });
      if (pending.size > 0) type(true);
    });
    pending.add(cancel);
  };
  const fallSilent = () => {
    isSilent = true;
    unlisten();
    for (const cancel of pending) cancel();
    if (pending.size > 0) type(false);
    pending.clear();
  };

  let isSilent = false;
  let hasHandedOver = false;
  const greet = () => {
    say({ text: showcase ? `${GREETING} ${showcase.hint}` : GREETING, quickReplies: CHOICES });
  };
  const answer = (message: Message) => {
    if (asksForPerson(message)) {
      hasHandedOver = true;
      conversation.handOver();
      return say({ text: HAND_OVER });
    }
    const shown = showcase?.answer(message);
    if (shown) return void shown.then((sayings) => !isSilent && say(...sayings));
    const text = toAnswer(message.text ?? "");
    say({ text: text === FALLBACK && showcase ? `${text} ${showcase.hint}` : text });
  };

  const unlisten = conversation.listen((event) => {
    if (event.type === "opened") greet();
    else if (event.type === "message" && event.message.from === "guest" && !hasHandedOver) answer(event.message);
    else if (event.type === "ended" || (event.type === "presence" && event.event === "joined")) fallSilent();
  });
}
