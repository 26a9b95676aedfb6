/** The sentences of what is fetched later, by key. */
const LATER_TEXTS = {
  newMessages: "New messages",
  writing: "{} is writing",
  unconfirmed: "This may not have arrived.",
  sendAgain: "Send again",
  remove: "Remove",
  startNew: "Start new conversation",
};

export type LaterTextKey = keyof typeof LATER_TEXTS;

/** The page's own sentences win. */
export const toLaterTexts = (texts: object): typeof LATER_TEXTS => ({ ...LATER_TEXTS, ...texts });
