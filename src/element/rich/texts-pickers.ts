/** The sentences of pickers and forms, by key. */
const PICKER_TEXTS = {
  chosen: "chosen",
  confirm: "Confirm",
  chooseDay: "Choose a day",
  chooseOne: "Please choose.",
  chooseFrom: "Choose one",
  wrongDay: "Please choose a day between {} and {}.",
  moreTimes: "Show more times",
  timeZone: "Your time zone: {}",
  start: "Start",
  back: "Back",
  next: "Next",
  send: "Send",
  step: "Step {} of {}",
  review: "Check your answers",
  required: "Please fill this in.",
  optional: "optional",
  noAnswer: "No answer",
  formSent: "Form sent",
};

export type PickerTexts = typeof PICKER_TEXTS;

/** The page's own sentences win. */
export const toPickerTexts = (texts: object): PickerTexts => ({ ...PICKER_TEXTS, ...texts });
