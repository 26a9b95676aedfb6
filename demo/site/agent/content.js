/** What a message of web messaging holds beside its text, for the agent to read: files as links, the rest by what the guest sees on it. */
import { h } from "/tools/dom.js";

const KIB = 1024;
const toSize = (bytes) =>
  bytes >= KIB * KIB ? `${(bytes / KIB / KIB).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / KIB))} KB`;

const chip = (text) => h("span", {}, text);
const chips = (texts) => h("div", { class: "offers" }, texts.filter(Boolean).map(chip));
const cardTexts = ({ title, actions = [] }) => [title, ...actions.map(({ text }) => text)];

/** Links run out after a while, as the guest's do. */
const file = ({ filename, fileSize, url }) =>
  h(
    "a",
    { class: "file", href: url, download: filename, rel: "noreferrer" },
    h("bdi", {}, filename),
    " ",
    h("span", { class: "small" }, toSize(fileSize)),
  );

function toNode(item) {
  const { contentType, attachment, card, carousel, datePicker, listPicker, form } = item;
  switch (contentType) {
    case "Attachment":
      return file(attachment);
    case "Card":
      return chips(cardTexts(card));
    case "Carousel":
      return chips(carousel.cards.flatMap(cardTexts));
    case "DatePicker":
      return chips([datePicker.title, `${datePicker.availableTimes?.length ?? "all"} times`]);
    case "ListPicker":
      return chips(listPicker.sections.flatMap(({ items }) => items.map(({ title }) => title)));
    case "Form":
      return form.response
        ? chips(form.response.map(({ id, component }) => `${id}: ${component.buttonResponse.text}`))
        : chips([form.receivedMessage?.title, ...(form.formPages ?? []).map(({ title }) => title)]);
    case "ButtonResponse":
      return undefined;
    default:
      return chips([contentType]);
  }
}

/** One node for each item that shows. What an agent's own program has sent may be of any shape: what cannot be read is named. */
export const toNodes = (content = []) =>
  content.map((item) => {
    try {
      return toNode(item);
    } catch {
      return chips([item.contentType]);
    }
  });
