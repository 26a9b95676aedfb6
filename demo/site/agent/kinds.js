/** More than words: one of each kind of message that web messaging has, and files; what stands in the box goes with it. */
import { h } from "/tools/dom.js";

/** The control takes bodies of two megabytes, and base64 adds a third. */
const FILE_MAX = 1_400_000;

const lamp = {
  title: "Polaris lamp",
  description: "86 g, 40 hours on one charge",
  actions: [
    { type: "Link", text: "Details", url: "https://fernweh.example/lamps/polaris" },
    { type: "Postback", text: "Take it", payload: "take-polaris" },
  ],
};
const backpack = {
  title: "Nomad 28 backpack",
  description: "For a weekend",
  actions: [{ type: "Postback", text: "Take it", payload: "take-nomad" }],
};

/** Tomorrow at 9, 10 and 14, UTC. */
const toTimes = () => {
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  return ["09", "10", "14"].map((hour) => ({ dateTime: `${day}T${hour}:00:00.000Z`, duration: 1800 }));
};

const section = {
  title: "For the tent",
  multipleSelection: true,
  items: [
    { id: "pegs", title: "Pegs" },
    { id: "lamp", title: "A lamp" },
  ],
};
const input = { id: "name", title: "Name", isRequired: true, isMultipleLine: false };

const KINDS = [
  ["Card", "Have a look at this", () => ({ do: "card", card: lamp })],
  ["Carousel", "Have a look at these", () => ({ do: "carousel", cards: [lamp, backpack] })],
  [
    "Date picker",
    "When may we call you?",
    () => ({ do: "datePicker", datePicker: { title: "Choose a time", availableTimes: toTimes() } }),
  ],
  [
    "List picker",
    "What shall we pack?",
    () => ({ do: "listPicker", listPicker: { sections: [section], receivedMessage: { title: "Choose" } } }),
  ],
  [
    "Form",
    "Please tell us who you are",
    () => ({
      do: "form",
      form: {
        formPages: [{ title: "You", pageComponents: [{ formComponentType: "Input", input }] }],
        receivedMessage: { title: "Your name" },
      },
    }),
  ],
];

const toBase64 = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.replace(/^[^,]*,/, "")));
    reader.addEventListener("error", () => reject(new Error("The file cannot be read.")));
    reader.readAsDataURL(blob);
  });

/** The buttons over the answer box. `send(action, text)`: with the words that go with it when the box is empty. */
export function createKinds({ send, fail }) {
  const picker = h("input", { type: "file", "aria-label": "Send a file", hidden: true });
  picker.addEventListener("change", async () => {
    const [chosen] = picker.files;
    picker.value = "";
    if (!chosen) return;
    if (chosen.size > FILE_MAX) return fail("The file is larger than 1.4 MB.");
    const about = { fileName: chosen.name, fileType: chosen.type || "application/octet-stream" };
    await toBase64(chosen)
      .then((data) => send({ do: "file", ...about, data }))
      .catch(({ message }) => fail(message));
  });
  const button = (name, onclick) => h("button", { class: "plain", type: "button", onclick }, name);
  const buttons = h(
    "div",
    { class: "kinds" },
    KINDS.map(([name, text, toAction]) => button(name, () => send(toAction(), text))),
    button("File", () => picker.click()),
    picker,
  );
  const panel = h("section", { class: "sheet", "aria-label": "More than words", hidden: true }, buttons);
  return {
    panel,
    open() {
      panel.hidden = false;
      buttons.firstChild.focus();
    },
  };
}
