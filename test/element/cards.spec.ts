/** Cards, carousels and the pictures of quick replies in a browser. */
import type { Card } from "../../src/chat/rich.ts";
import { findings, named, shown } from "./find.ts";
import { equal, type Found, makeOpenChat, message, ok, until } from "./support.ts";

/** A picture that any page can show without asking a server. */
const PICTURE = `${location.origin}/missing-picture.png`;

const card = (title: string, more: Partial<Card> = {}): Card => ({
  title,
  description: `All about ${title}`,
  actions: [
    { type: "link", text: "Details", url: "https://shop.example/details" },
    { type: "reply", text: "Book now", payload: `book-${title}` },
  ],
  ...more,
});
const cards = (...list: Card[]) => message("", { content: { type: "cards", cards: list } });
const strip = ({ root }: Found) => root.querySelector<HTMLElement>(".strip") as HTMLElement;
const position = ({ text }: Found) => text(".steps [role=status]");

async function makeCarousel(count = 5): Promise<Found> {
  const found = await makeOpenChat();
  found.chat.client.receive(cards(...Array.from({ length: count }, (_, at) => card(`Card ${at + 1}`))));
  await shown(found, "button", "Next card");
  return found;
}

describe("a card", () => {
  it("has its title, its words, a safe link and an answer, and no empty bubble", async () => {
    const found = await makeOpenChat();
    const { root, chat, press } = found;
    const asked = cards(card("Flights"));
    chat.client.receive(asked);
    const group = await shown(found, "[role=group]", "Flights");
    ok(group.textContent?.includes("All about Flights"), "it has its words");
    equal(root.querySelector(".bubble"), null);
    const link = named<HTMLAnchorElement>(found, "a", "Details");
    equal(
      [link.href, link.rel, link.target],
      ["https://shop.example/details", "noopener noreferrer nofollow", "_blank"],
    );
    await press("Book now");
    equal(chat.client.asked("reply"), [
      { type: "reply", to: asked.id, text: "Book now", payload: "book-Flights", answer: { type: "card" } },
    ]);
    equal(found.button("Book now")?.disabled, true);
  });

  it("what was chosen is marked, and nothing can be chosen any more", async () => {
    const found = await makeOpenChat();
    found.chat.client.receive({ ...cards(card("Flights")), chosen: "book-Flights" });
    const button = await shown<HTMLButtonElement>(found, "button", "Book now (chosen)");
    equal(button.disabled, true);
  });

  it("of a conversation that is over cannot be answered, though a new one goes on", async () => {
    const found = await makeOpenChat();
    found.chat.client.receive(
      cards(card("Flights")),
      message("", { from: "system", text: undefined, happened: "ended" }),
      message("", { from: "system", text: undefined, happened: "new-conversation" }),
      cards(card("Trains")),
    );
    await shown(found, "[role=group]", "Trains");
    const buttons = [...found.root.querySelectorAll<HTMLButtonElement>("button.act")];
    equal(
      buttons.map((each) => each.disabled),
      [true, false],
    );
  });

  it("links that are no http are not shown at all, and markup is text", async () => {
    const found = await makeOpenChat();
    const evil = "javascript:alert(1)";
    found.chat.client.receive(
      cards(
        card("<img src=x onerror=alert(1)>", {
          url: evil,
          imageUrl: evil,
          actions: [{ type: "link", text: "Details", url: evil }],
        }),
      ),
    );
    await shown(found, "[role=group]", "<img src=x onerror=alert(1)>");
    equal(found.root.querySelectorAll(".card a, .card img").length, 0);
  });

  it("a picture that cannot be had leaves no hole", async () => {
    const found = await makeOpenChat();
    found.chat.client.receive(cards(card("Flights", { imageUrl: PICTURE })));
    await shown(found, "[role=group]", "Flights");
    await until(() => !found.root.querySelector(".card .picture"), "the picture is gone");
    found.chat.client.become({ unread: 1 });
    await found.settle();
    equal(found.root.querySelector(".card .picture"), null);
  });
});

describe("a carousel", () => {
  it("tells its position, and goes by buttons from the first to the last", async () => {
    const found = await makeCarousel(3);
    equal(position(found), "Card 1 of 3");
    equal(found.button("Previous card")?.disabled, true);
    await found.press("Next card");
    await until(() => position(found) === "Card 2 of 3", "the second is told");
    await found.press("Next card");
    await until(() => position(found) === "Card 3 of 3", "the last is told");
    equal(found.button("Next card")?.disabled, true);
    equal(found.button("Previous card")?.disabled, false);
    await until(() => strip(found).scrollLeft > 0, "it has scrolled");
  });

  it("goes by arrows, Home and End", async () => {
    const found = await makeCarousel();
    strip(found).focus();
    await found.key(strip(found), "ArrowRight");
    await until(() => position(found) === "Card 2 of 5", "the second is told");
    await found.key(strip(found), "End");
    await until(() => position(found) === "Card 5 of 5", "the last is told");
    await found.key(strip(found), "Home");
    await until(() => position(found) === "Card 1 of 5" && strip(found).scrollLeft === 0, "the first is back");
    await found.key(strip(found), "ArrowLeft");
    equal(position(found), "Card 1 of 5");
  });

  it("where text runs from right to left, the left arrow goes on", async () => {
    document.dir = "rtl";
    try {
      const found = await makeCarousel();
      await found.key(strip(found), "ArrowLeft");
      await until(() => position(found) === "Card 2 of 5", "the second is told");
      await until(() => strip(found).scrollLeft < 0, "it has scrolled to the left");
    } finally {
      document.dir = "";
    }
  });

  it("swiped, it tells where it stands", async () => {
    const found = await makeCarousel();
    strip(found).scrollLeft = strip(found).scrollWidth;
    await until(() => position(found) === "Card 5 of 5", "the last is told");
  });

  it("axe-core has nothing to say about it", async () => {
    const found = await makeCarousel();
    equal(await findings(found), []);
  });
});

describe("quick replies with pictures", () => {
  it("are answered as any others", async () => {
    const found = await makeOpenChat();
    const question = message("Which?", { quickReplies: [{ text: "This", payload: "1", imageUrl: PICTURE }] });
    found.chat.client.receive(question);
    await shown(found, "button", "This");
    await found.press("This");
    equal(found.chat.client.asked("reply"), [{ type: "reply", to: question.id, text: "This", payload: "1" }]);
  });
});
