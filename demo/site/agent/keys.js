/** The keyboard: everything the desk can do, without a mouse. */
import { byId } from "/tools/dom.js";

/** Nowhere in particular; a dialog that has just closed may hold the focus until the next frame. */
const isNowhere = (target) => target === document.body || target.closest("dialog");
const isField = (target) => target.matches("input, textarea, select, [contenteditable]");

/** `actions`: step(±1), waiting(), answer(), saved(), offers(), kinds(), guest(), hangUp(), toList(). */
export function listenToKeys(actions) {
  const help = () => byId("help").showModal();
  byId("help-button").addEventListener("click", help);

  const withAlt = {
    ArrowDown: () => actions.step(1),
    ArrowUp: () => actions.step(-1),
    // By place on the keyboard: with Alt some systems write another letter.
    KeyW: actions.waiting,
    KeyS: actions.saved,
    KeyQ: actions.offers,
    KeyR: actions.kinds,
    KeyG: actions.guest,
    KeyH: actions.hangUp,
  };
  const inList = {
    ArrowDown: () => actions.step(1),
    ArrowUp: () => actions.step(-1),
    Enter: actions.answer,
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const { altKey, ctrlKey, metaKey, code, key, target } = event;
    let action;
    if (altKey && !ctrlKey && !metaKey) action = withAlt[code];
    else if (key === "Escape") action = actions.toList;
    else if (key === "?" && !isField(target)) action = help;
    else if ((target === byId("rows") || isNowhere(target)) && !ctrlKey && !metaKey) action = inList[key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
