/** The answer box: Enter sends, what is typed is told to the guest, a text that could not be sent comes back. */
import { createKinds } from "/agent/kinds.js";
import { createOffers } from "/agent/offers.js";
import { createSaved } from "/agent/saved.js";
import { h, icon } from "/tools/dom.js";

/** The guest's end takes typing for over after a while: it is told again this often, and ended after this much silence. */
const TYPING_AGAIN_MS = 4000;
const TYPING_END_MS = 5000;

/** `perform(id, action)` tells the sandbox; it rejects with an Error for people. */
export function createComposer({ perform }) {
  const drafts = new Map();
  let id;
  let toldAt = 0;
  let endTyping;
  let sending = Promise.resolve();

  const box = h("textarea", { "aria-label": "Answer", rows: "1", maxlength: "4000", enterkeyhint: "send" });
  const error = h("p", { class: "error", role: "alert" });
  const tool = (name, keys, strokes, panel) =>
    h(
      "button",
      {
        class: "plain",
        type: "button",
        "aria-label": name,
        title: `${name} (${keys})`,
        "aria-expanded": "false",
        onclick: () => toggle(panel()),
      },
      icon(strokes),
    );

  const close = () => {
    toggle(undefined);
    box.focus();
  };
  const offers = createOffers({ close, changed: () => grow() });
  const saved = createSaved({ take, current: () => box.value.trim(), close });
  const kinds = createKinds({
    send: (action, text) => post(action, box.value.trim() || text),
    fail: (message) => {
      error.textContent = `Not sent. ${message}`;
    },
  });
  const tools = [
    [saved, tool("Saved answers", "Alt S", "M6 3.500h8v13l-4-3-4 3z", () => saved)],
    [offers, tool("Offer quick replies", "Alt Q", "M3.500 5.500h13v7h-6l-4 3.500v-3.500h-3z", () => offers)],
    [kinds, tool("More than words", "Alt R", "M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 11h5v5h-5z", () => kinds)],
  ];
  const [, , [, kindsTool]] = tools;
  const send = h(
    "button",
    { class: "primary send", type: "submit", "aria-label": "Send", title: "Send (Enter)" },
    icon("M10 16V4M5 9l5-5 5 5"),
  );
  const form = h(
    "form",
    { class: "answer" },
    error,
    saved.panel,
    offers.panel,
    kinds.panel,
    h(
      "div",
      { class: "box" },
      tools.map(([, button]) => button),
      box,
      send,
    ),
  );
  const over = h("p", { class: "over" }, "This conversation is over.");

  /** Opens one of the panels, or closes it when it is open; without one, closes all. */
  function toggle(wanted) {
    for (const [panel, button] of tools) {
      const opens = panel === wanted && panel.panel.hidden;
      panel.panel.hidden = true;
      button.setAttribute("aria-expanded", String(opens));
      if (opens) panel.open();
    }
  }

  function grow() {
    box.style.blockSize = "auto";
    box.style.blockSize = `${Math.min(box.scrollHeight, 180)}px`;
    send.disabled = box.value.trim() === "";
  }

  function set(text) {
    box.value = text;
    grow();
  }

  function take(text) {
    box.focus();
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    toggle(undefined);
    grow();
    tellTyping();
  }

  const tell = (on, to = id) => {
    clearTimeout(endTyping);
    toldAt = on ? Date.now() : 0;
    perform(to, { do: "typing", on }).catch(() => {});
  };
  function stopTyping(to = id) {
    if (toldAt > 0) tell(false, to);
  }
  function tellTyping() {
    if (box.value.trim() === "") return stopTyping();
    clearTimeout(endTyping);
    if (Date.now() - toldAt > TYPING_AGAIN_MS) tell(true);
    endTyping = setTimeout(stopTyping, TYPING_END_MS, id);
  }

  function submit() {
    const text = box.value.trim();
    if (text === "") return;
    const to = id;
    const quickReplies = offers.take().map((reply) => ({ text: reply, payload: reply }));
    const action = quickReplies.length > 0 ? { do: "quickReplies", text, quickReplies } : { do: "message", text };
    clearTimeout(endTyping);
    toldAt = 0;
    set("");
    toggle(undefined);
    error.textContent = "";
    // One after the other: they arrive in the order in which they were written.
    sending = sending.then(() =>
      perform(to, action).catch(({ message }) => {
        if (to === id && box.value === "") {
          set(text);
          offers.set(quickReplies.map((reply) => reply.text));
        } else drafts.set(to, text);
        error.textContent = `Not sent. ${message}`;
      }),
    );
  }

  /** With what stands in the box, or with a text of its own. */
  async function post(action, text) {
    const to = id;
    clearTimeout(endTyping);
    toldAt = 0;
    set("");
    close();
    error.textContent = "";
    await perform(to, { ...action, text }).catch(({ message }) => {
      error.textContent = `Not sent. ${message}`;
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    box.focus();
  });
  box.addEventListener("input", () => {
    grow();
    tellTyping();
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) submit();
    else if (event.key === "/" && box.value === "") toggle(saved);
    else return;
    event.preventDefault();
  });

  return {
    nodes: [form, over],
    focus: () => box.focus(),
    toggleSaved: () => toggle(saved),
    toggleOffers: () => toggle(offers),
    toggleKinds: () => !kindsTool.hidden && toggle(kinds),
    show({ id: next, stage, guest, protocol }) {
      kindsTool.hidden = protocol !== "web-messaging";
      form.hidden = stage === "ended";
      over.hidden = !form.hidden;
      box.placeholder = stage === "bot" ? "Write to take over from Otto" : `Answer ${guest.name}`;
      if (next === id) return;
      if (id !== undefined) {
        stopTyping();
        drafts.set(id, box.value);
      }
      id = next;
      error.textContent = "";
      toggle(undefined);
      offers.set([]);
      set(drafts.get(id) ?? "");
    },
  };
}
