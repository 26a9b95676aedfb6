/** The desk: holds what the sandbox tells, shows it in three columns, and does what the agent asks. */
import { createActivity } from "/agent/activity.js";
import { createComposer } from "/agent/composer.js";
import { toTitle } from "/agent/faces.js";
import { showGuest } from "/agent/guest.js";
import { listenToKeys } from "/agent/keys.js";
import { inOrder, showList } from "/agent/list.js";
import { createTalk } from "/agent/talk.js";
import { setNow } from "/agent/times.js";
import { byId, h } from "/tools/dom.js";
import { call, listen } from "/tools/sandbox.js";

const NAME_KEY = "desk:name";
const desk = byId("desk");
const state = { conversations: new Map(), chosen: location.hash.slice(1) || undefined, isLoaded: false };
const chosen = () => state.conversations.get(state.chosen);

const name = byId("name");
try {
  name.value = localStorage.getItem(NAME_KEY) ?? "";
} catch {}
name.placeholder = "Mira Koch";
name.addEventListener("change", () => {
  try {
    localStorage.setItem(NAME_KEY, name.value.trim());
  } catch {}
});

const perform = (session, action) => call("agent", { session, name: name.value.trim() || undefined, ...action });

const activity = createActivity(show);
const composer = createComposer({ perform });
const talk = createTalk({ back: toList, toggleGuest, hangUp });
const keys = h(
  "p",
  {},
  h("kbd", {}, "↑"),
  " ",
  h("kbd", {}, "↓"),
  " in the list, or ",
  h("kbd", {}, "Alt"),
  " ",
  h("kbd", {}, "W"),
  " for who has waited longest",
);
const nothing = h("div", { class: "hint" }, h("b", {}), keys);
byId("talk").append(...talk.nodes, ...composer.nodes, nothing);

/** Brings everything on the page up to date. */
function show() {
  const conversation = chosen();
  const unread = [...state.conversations.values()].reduce((sum, each) => sum + each.unread, 0);
  document.title = unread > 0 ? `(${unread}) Desk` : "Desk";
  desk.dataset.view = conversation ? "talk" : "list";
  showList(state, choose);
  activity.watch(conversation?.id);
  showGuest(conversation, activity.section(), toggleGuest);
  for (const node of talk.nodes) node.hidden = !conversation;
  nothing.hidden = Boolean(conversation) || !state.isLoaded;
  nothing.firstChild.textContent = state.conversations.size > 0 ? "Choose a conversation" : "All quiet";
  keys.hidden = state.conversations.size === 0;
  if (conversation) {
    talk.show(conversation);
    composer.show(conversation);
    if (conversation.unread > 0 && document.visibilityState === "visible") read(conversation);
  } else for (const node of composer.nodes) node.hidden = true;
}

function read({ id, stage }) {
  if (stage !== "ended") perform(id, { do: "read" }).catch(() => {});
}

function choose(id) {
  state.chosen = id;
  history.replaceState(null, "", id ? `#${id}` : location.pathname);
  show();
  byId(`row-${id}`)?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const ordered = inOrder(state.conversations.values());
  const index = ordered.findIndex(({ id }) => id === state.chosen);
  const next = ordered[index < 0 ? 0 : Math.min(Math.max(index + by, 0), ordered.length - 1)];
  if (next) choose(next.id);
}

function chooseWaiting() {
  const [first] = inOrder(state.conversations.values());
  if (!first) return;
  choose(first.id);
  composer.focus();
}

/** On a small screen the list is a page of its own. */
function toList() {
  if (desk.hasAttribute("data-guest")) return toggleGuest();
  if (matchMedia("(max-width: 700px)").matches) choose(undefined);
  byId("rows").focus();
}

function toggleGuest() {
  desk.toggleAttribute("data-guest");
}

async function hangUp() {
  const conversation = chosen();
  const dialog = byId("hang-up");
  if (!conversation || conversation.stage === "ended") return;
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "yes") return;
  await perform(conversation.id, { do: "leave" }).catch(({ message }) => say(`Not hung up. ${message}`));
  byId("rows").focus();
}

/** To screen readers. */
function say(text) {
  byId("said").textContent = text;
}

function take({ conversation, messages }) {
  const known = state.conversations.get(conversation.id)?.messages ?? [];
  state.conversations.set(conversation.id, { ...conversation, messages: [...known, ...messages] });
  const last = messages.at(-1);
  if (last?.from === "guest" && conversation.stage !== "bot") say(`${toTitle(conversation)}: ${last.text ?? ""}`);
}

listen({
  onEvent(type, data) {
    if (type === "change") take(data);
    else {
      setNow(data.now);
      if (type === "state") {
        state.conversations = new Map(
          data.conversations.map(({ conversation, messages }) => [conversation.id, { ...conversation, messages }]),
        );
        state.isLoaded = true;
      }
    }
    show();
  },
  onLine(isLive) {
    const line = byId("line");
    line.textContent = isLive ? "" : "Connection lost. Trying again.";
    line.classList.toggle("lost", !isLive);
    desk.toggleAttribute("data-lost", !isLive);
  },
});

listenToKeys({
  step,
  waiting: chooseWaiting,
  answer: () => chosen() && composer.focus(),
  saved: () => chosen() && composer.toggleSaved(),
  offers: () => chosen() && composer.toggleOffers(),
  kinds: () => chosen() && composer.toggleKinds(),
  guest: toggleGuest,
  hangUp,
  toList,
});
document.addEventListener("visibilitychange", show);
show();
// Waiting times grow by themselves.
setInterval(() => {
  if (document.visibilityState === "visible" && state.isLoaded) {
    showList(state, choose);
    showGuest(chosen(), activity.section(), toggleGuest);
  }
}, 5000);
