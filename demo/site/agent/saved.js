/** Saved answers: what is said every day, and what this agent has added. They lie in this browser only. */
import { h, icon } from "/tools/dom.js";

const KEY = "desk:saved";
const ALWAYS = [
  "Hello, Mira here. How can I help?",
  "Thank you for waiting. I am looking into it right now.",
  "Could you send me your order number, please?",
  "The parcel has left our warehouse and should be with you within two days.",
  "Returns are free for 30 days. The label is in your parcel.",
  "Is there anything else that I can do for you?",
];

/** Where storage is blocked, what is added lasts as long as the page. */
let own = [];
try {
  const read = JSON.parse(localStorage.getItem(KEY) ?? "[]");
  if (Array.isArray(read)) own = read.filter((each) => typeof each === "string");
} catch {}

function keep(texts) {
  own = texts;
  try {
    localStorage.setItem(KEY, JSON.stringify(texts));
  } catch {}
}

/** The list over the answer box. `take(text)` when one is chosen, `current()` is what stands in the box. */
export function createSaved({ take, current, close }) {
  const list = h("div", { class: "saved-list" });
  const add = h("button", { class: "plain", type: "button" }, "Save what is in the box");
  const panel = h("section", { class: "sheet", "aria-label": "Saved answers", hidden: true }, list, add);

  const show = () => {
    add.disabled = current() === "";
    list.replaceChildren(
      ...[...own, ...ALWAYS].map((text, index) =>
        h(
          "div",
          { class: "saved" },
          h("button", { class: "plain", type: "button", onclick: () => take(text) }, text),
          index < own.length &&
            h(
              "button",
              { class: "plain", type: "button", "aria-label": `Forget: ${text}`, onclick: () => forget(text) },
              icon("M5 5l10 10M15 5 5 15"),
            ),
        ),
      ),
    );
  };
  const forget = (text) => {
    keep(own.filter((each) => each !== text));
    show();
    panel.querySelector("button")?.focus();
  };
  add.addEventListener("click", () => {
    const text = current();
    if (text && !own.includes(text)) keep([text, ...own]);
    show();
    panel.querySelector("button")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    const buttons = [...panel.querySelectorAll("button:enabled")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close();
    else if (step) buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    panel,
    open() {
      show();
      panel.hidden = false;
      panel.querySelector("button")?.focus();
    },
  };
}
