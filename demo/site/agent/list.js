/** The left column: who is there, in the order in which they want an answer. */
import { face, STAGES, toTag } from "/agent/faces.js";
import { now, toClock, toSpan } from "/agent/times.js";
import { byId, h } from "/tools/dom.js";

/** Beyond this a guest has waited too long. */
const LONG_MS = 120_000;
const WORDS = 80;

const rank = Object.keys(STAGES);

/** Waiting first, the longest first; of the others, who has written last. */
export const inOrder = (conversations) =>
  [...conversations].sort(
    (a, b) =>
      rank.indexOf(a.stage) - rank.indexOf(b.stage) ||
      (a.stage === "waiting" && (a.waitingSince ?? Infinity) - (b.waitingSince ?? Infinity)) ||
      b.lastActivityAt - a.lastActivityAt,
  );

function toWords({ messages, guestTyping }) {
  if (guestTyping) return h("em", {}, "is writing");
  const last = messages.at(-1);
  if (!last) return "Has opened the chat";
  const who = last.from === "guest" ? "" : `${last.name ?? "System"}: `;
  return `${who}${(last.text ?? "").slice(0, WORDS)}`;
}

const wait = ({ waitingSince }) => {
  if (waitingSince === null) return undefined;
  const ms = now() - waitingSince;
  return h("span", { class: `wait${ms > LONG_MS ? " long" : ""}`, title: "Waiting" }, toSpan(ms));
};

const row = (conversation, isChosen, choose) =>
  h(
    "div",
    {
      id: `row-${conversation.id}`,
      class: "row",
      role: "option",
      "aria-selected": String(isChosen),
      onclick: () => choose(conversation.id),
    },
    h("span", { class: `standing${conversation.guestHere ? " here" : ""}` }, face(conversation)),
    h(
      "span",
      { class: "who" },
      h("b", {}, h("bdi", {}, conversation.guest.name)),
      " ",
      h("span", { class: "small" }, toTag(conversation)),
    ),
    wait(conversation) ?? h("span", { class: "small" }, toClock(conversation.lastActivityAt)),
    h("span", { class: "words" }, toWords(conversation)),
    conversation.unread > 0 &&
      h("span", { class: "count" }, String(conversation.unread), h("span", { class: "sr" }, " unread")),
  );

/** `choose(id)` when one is clicked. */
export function showList({ conversations, chosen, isLoaded }, choose) {
  const rows = byId("rows");
  const ordered = inOrder(conversations.values());
  const groups = rank
    .map((stage) => [stage, ordered.filter((each) => each.stage === stage)])
    .filter(([, members]) => members.length > 0)
    .map(([stage, members]) =>
      h(
        "div",
        { role: "group", "aria-labelledby": `stage-${stage}` },
        h("div", { class: "stage", id: `stage-${stage}`, role: "presentation" }, `${STAGES[stage]} ${members.length}`),
        members.map((each) => row(each, each.id === chosen, choose)),
      ),
    );
  const { scrollTop } = rows;
  rows.replaceChildren(...groups);
  rows.scrollTop = scrollTop;
  rows.toggleAttribute("aria-busy", !isLoaded);
  if (chosen && conversations.has(chosen)) rows.setAttribute("aria-activedescendant", `row-${chosen}`);
  else rows.removeAttribute("aria-activedescendant");
  byId("rows-empty").hidden = !isLoaded || ordered.length > 0;
  if (!isLoaded)
    rows.replaceChildren(...Array.from({ length: 4 }, () => h("div", { class: "row ghost", role: "presentation" })));
}
