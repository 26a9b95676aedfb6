/** The sentences of files in messages, by key. */
const ATTACHED_TEXTS = {
  file: "File",
  audio: "Audio",
  video: "Video",
  image: "Picture",
  openFile: "Open {}",
  newTab: "opens in a new tab",
  fetching: "One moment…",
  notHad: "Not to be had at the moment. Please try again.",
};

export type AttachedTexts = typeof ATTACHED_TEXTS;

/** The page's own sentences win. */
export const toAttachedTexts = (texts: object): AttachedTexts => ({ ...ATTACHED_TEXTS, ...texts });
