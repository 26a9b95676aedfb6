/** What Otto can show in web messaging: one of each kind of message, for whoever writes its name, and a word on each reply. */
import type { Saying, Showcase } from "../bot.ts";
import type { Message } from "../conversation.ts";
import type { WebSide } from "../sessions.ts";
import type { Card, Content, Form } from "./content.ts";

const HINT =
  "Write card, carousel, dates, list, form, quick, file, picture, markdown or many, and I show you what else a message can hold.";

const LAMP: Card = {
  title: "Polaris lamp",
  description: "86 g, 40 hours on one charge",
  defaultAction: { type: "Link", text: "Open", url: "https://fernweh.example/lamps/polaris" },
  actions: [
    { type: "Link", text: "Details", url: "https://fernweh.example/lamps/polaris" },
    { type: "Postback", text: "Take the Polaris", payload: "take-polaris" },
  ],
};
const BACKPACKS: Card[] = ["Nomad 28", "Nomad 45", "Nomad 60"].map((title) => ({
  title: `${title} backpack`,
  description: `${title.split(" ")[1]} litres, made from old sails`,
  actions: [{ type: "Postback", text: `Take the ${title}`, payload: `take-${title.toLowerCase().replace(" ", "-")}` }],
}));

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Two a day, on the three days after `at`, in ms since the epoch. */
const toTimes = (at: number) => {
  const day = Math.floor(at / DAY_MS) * DAY_MS;
  return [1, 2, 3].flatMap((days) =>
    [9, 14].map((hour) => ({
      dateTime: new Date(day + days * DAY_MS + hour * HOUR_MS).toISOString(),
      duration: 1800,
    })),
  );
};

const toForm = (at: number): Form => ({
  cannedResponseId: "8d1f1a52-6a3e-4b8c-9f0d-2c7b5e4a3d10",
  introduction: { title: "Your journey", subtitle: "Three questions", buttonText: "Start" },
  formPages: [
    {
      title: "You",
      subtitle: "Step 1 of 2",
      pageComponents: [
        {
          formComponentType: "Input",
          input: {
            id: "name",
            title: "Name",
            placeholderText: "Ada",
            isRequired: true,
            isMultipleLine: false,
            keyboardType: "Default",
            autoCompleteType: "GivenName",
          },
        },
      ],
    },
    {
      title: "The journey",
      subtitle: "Step 2 of 2",
      pageComponents: [
        {
          formComponentType: "DatePicker",
          datePicker: {
            id: "date",
            title: "Date",
            dateMinimum: new Date(at).toISOString(),
            dateMaximum: new Date(at + 60 * DAY_MS).toISOString(),
            availableTimes: [],
            dateDisplayFormat: "dayMonthYear",
          },
        },
        {
          formComponentType: "ListPicker",
          listPicker: {
            id: "luggage",
            title: "Luggage",
            sections: [
              {
                title: "What you take",
                multipleSelection: true,
                items: [
                  { id: "backpack", title: "A backpack" },
                  { id: "suitcase", title: "A suitcase" },
                ],
              },
            ],
          },
        },
      ],
    },
  ],
  receivedMessage: { title: "Your journey", subtitle: "It takes a minute" },
  replyMessage: { title: "The form is sent" },
  showSummary: true,
});

const LIST: Content = {
  contentType: "ListPicker",
  listPicker: {
    id: "toppings",
    sections: [
      {
        title: "For the tent",
        multipleSelection: true,
        items: [
          { id: "pegs", title: "Pegs", subtitle: "Twelve of them" },
          { id: "lamp", title: "A lamp" },
          { id: "mat", title: "A mat" },
        ],
      },
      { title: "For the way", multipleSelection: false, items: [{ id: "map", title: "A map" }] },
    ],
    receivedMessage: { title: "What shall we pack?", subtitle: "Any number" },
    replyMessage: { title: "Packed" },
  },
};

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const GUIDE = { fileName: "packing-list.txt", fileType: "text/plain", bytes: encode("Tent\nLamp\nMap\nBackpack\n") };

/** One red dot. */
const DOT = {
  fileName: "dot.gif",
  fileType: "image/gif",
  bytes: Uint8Array.from(atob("R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs="), (char) => char.charCodeAt(0)),
};

const MANY = 60;
const MOST = 300;

type Show = (asked: string, web: WebSide, at: number) => Saying[] | Promise<Saying[]>;

const one = (text: string, ...content: Content[]): Saying[] => [{ text, content }];

/** By the word that asks for it; the whole message is that word. */
const SHOWS: readonly (readonly [RegExp, Show])[] = [
  [/^cards?$/, () => one("Our lightest lamp", { contentType: "Card", card: LAMP })],
  [/^carousel$/, () => one("Our backpacks", { contentType: "Carousel", carousel: { cards: BACKPACKS } })],
  [
    /^dates?$/,
    (_asked, _web, at) =>
      one("When may we call you?", {
        contentType: "DatePicker",
        datePicker: { title: "Choose a time", subtitle: "Half an hour each", availableTimes: toTimes(at) },
      }),
  ],
  [/^list$/, () => one("What shall we pack?", LIST)],
  [/^form$/, (_asked, _web, at) => one("Please tell us of your journey", { contentType: "Form", form: toForm(at) })],
  [
    /^quick( replies)?$/,
    () => [
      {
        text: "Mountains or the sea?",
        quickReplies: [
          { text: "Mountains", payload: "mountains" },
          { text: "The sea", payload: "sea" },
        ],
      },
    ],
  ],
  [/^file$/, async (_asked, web) => one("Our packing list", await web.offer(GUIDE))],
  [/^picture$/, async (_asked, web) => one("A picture", await web.offer(DOT))],
  [
    /^markdown$/,
    () => [{ text: "**Bold**, *slanted*, `code` and a [link](https://fernweh.example/)\n\n- one\n- two" }],
  ],
  [
    /^many( \d+)?$/,
    (asked) => {
      const count = Math.min(MOST, Number(asked.split(" ")[1] ?? MANY));
      return Array.from({ length: count }, (_, index) => ({ text: `Message ${index + 1} of ${count}` }));
    },
  ],
];

/** What was chosen or filled in; undefined for what is no reply to a card, a picker or a form, nor a file. */
function toThanks({ content = [], text = "" }: Message): string | undefined {
  const kinds = content.flatMap((each) => {
    if (each.contentType === "Form") return ["form"];
    if (each.contentType === "Attachment") return ["file"];
    if (each.contentType !== "ButtonResponse") return [];
    return [(each as Extract<Content, { contentType: "ButtonResponse" }>).buttonResponse.type];
  });
  if (kinds.includes("form")) return "Thank you, the form has come.";
  if (kinds.includes("file")) return kinds.length > 1 ? "Thank you for the files." : "Thank you for the file.";
  // Quick replies are answered like words.
  return kinds.some((kind) => kind !== "QuickReply") ? `You have chosen: ${text}.` : undefined;
}

export function createShowcase(web: WebSide): Showcase {
  return {
    hint: HINT,
    answer(message) {
      const thanks = toThanks(message);
      if (thanks !== undefined) return Promise.resolve([{ text: thanks }]);
      const asked = message.text?.trim().toLowerCase() ?? "";
      const [, show] = SHOWS.find(([word]) => word.test(asked)) ?? [];
      return show && Promise.resolve(show(asked, web, message.sentAt));
    },
  };
}
