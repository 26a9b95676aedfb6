/** The sentences of cards and carousels, by key. */
const CARD_TEXTS = {
  carousel: "Carousel",
  cards: "Cards",
  card: "Card",
  position: "{} of {}",
  previousCard: "Previous card",
  nextCard: "Next card",
  chosen: "chosen",
};

export type CardTexts = typeof CARD_TEXTS;

/** The page's own sentences win. */
export const toCardTexts = (texts: object): CardTexts => ({ ...CARD_TEXTS, ...texts });
