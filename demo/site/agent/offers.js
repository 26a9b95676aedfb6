/** Quick replies that go with the next answer: typed in, shown as they will look, taken back with one key. */
import { h, icon } from "/tools/dom.js";

const MOST = 6;

/** A line over the answer box. `texts()` are those to send. */
export function createOffers({ close, changed }) {
  let texts = [];
  const chips = h("div", { class: "offers" });
  const input = h("input", {
    class: "field",
    "aria-label": "Add a quick reply",
    placeholder: "A quick reply, then Enter",
    maxlength: "80",
  });
  const panel = h("section", { class: "sheet", "aria-label": "Quick replies", hidden: true }, chips, input);

  const set = (next) => {
    texts = next;
    input.disabled = texts.length >= MOST;
    chips.replaceChildren(
      ...texts.map((text) =>
        h(
          "span",
          {},
          text,
          h(
            "button",
            { class: "plain", type: "button", "aria-label": `Remove ${text}`, onclick: () => drop(text) },
            icon("M6 6l8 8M14 6l-8 8"),
          ),
        ),
      ),
    );
    chips.hidden = texts.length === 0;
    changed();
  };
  const drop = (text) => {
    set(texts.filter((each) => each !== text));
    input.focus();
  };
  input.addEventListener("keydown", (event) => {
    const text = input.value.trim();
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && text === "") close();
    else if (event.key === "Enter") {
      if (!texts.includes(text)) set([...texts, text]);
      input.value = "";
    } else if (event.key === "Backspace" && input.value === "" && texts.length > 0) set(texts.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  chips.hidden = true;

  return {
    panel,
    open() {
      panel.hidden = false;
      input.focus();
    },
    /** What is still in the line counts, too. */
    take() {
      const last = input.value.trim();
      const all = last && !texts.includes(last) && texts.length < MOST ? [...texts, last] : texts;
      input.value = "";
      set([]);
      return all;
    },
    set,
  };
}
