/** The middle column's upper part: who it is, and what was said. */

import { toNodes as toContentNodes } from "/agent/content.js";
import { face, STAGES, toTag } from "/agent/faces.js";
import { isSameDay, toClock, toDay } from "/agent/times.js";
import { h, icon } from "/tools/dom.js";

/** Messages of one sender this close together are one group. */
const GROUP_MS = 300_000;
const NEAR_PX = 80;

const isSameGroup = (a, b) =>
  a && b && a.from === b.from && a.name === b.name && b.sentAt - a.sentAt < GROUP_MS && isSameDay(a.sentAt, b.sentAt);

/** Which of the offered payloads the guest has chosen: his next message says. */
const chosenAfter = (messages, index) => messages.slice(index + 1).find(({ from }) => from === "guest")?.payload;

const offers = (message, chosen) =>
  h(
    "div",
    { class: "offers" },
    message.quickReplies.map(({ text, payload }) =>
      h(
        "span",
        { class: payload === chosen ? "chosen" : "" },
        text,
        payload === chosen && h("span", { class: "sr" }, " (chosen)"),
      ),
    ),
  );

function toNodes(messages, guestName) {
  return messages.flatMap((message, index) => {
    const { from, name, text, sentAt, quickReplies, content } = message;
    const held = toContentNodes(content).filter(Boolean);
    const before = messages[index - 1];
    const isFirst = !isSameGroup(before, message);
    const isLast = !isSameGroup(message, messages[index + 1]);
    const time = h("time", { datetime: new Date(sentAt).toISOString() }, toClock(sentAt));
    return [
      (!before || !isSameDay(before.sentAt, sentAt)) && h("div", { class: "day" }, toDay(sentAt)),
      isFirst &&
        h(
          "div",
          { class: `by from-${from}` },
          h("bdi", {}, from === "guest" ? guestName : (name ?? "System")),
          " ",
          time,
        ),
      (text || held.length === 0) &&
        h("div", { class: `said from-${from}${isLast ? " last" : ""}`, dir: "auto" }, text ?? ""),
      held.length > 0 && h("div", { class: `held from-${from}` }, held),
      quickReplies && offers(message, chosenAfter(messages, index)),
    ].filter(Boolean);
  });
}

const toLine = ({ stage, agents, guestHere }) => {
  if (stage === "ended") return STAGES.ended;
  const who = stage === "agent" ? agents.join(", ") : STAGES[stage];
  return guestHere ? who : `${who} · guest not connected`;
};

/** The head, the log and the guest's typing; each `show` brings them up to date. */
export function createTalk({ back, toggleGuest, hangUp }) {
  const who = h("div", { class: "title" });
  const button = (name, strokes, onclick, more = {}) =>
    h("button", { class: "plain", type: "button", "aria-label": name, title: name, onclick, ...more }, icon(strokes));
  const hang = h("button", { class: "hang", type: "button", onclick: hangUp, title: "Hang up (Alt H)" }, "Hang up");
  const head = h(
    "header",
    {},
    button("Back to the list", "M12 4 6 10l6 6", back, { class: "plain back" }),
    who,
    hang,
    button("Guest details", "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 16.5c.6-2.6 3-4 6-4s5.400 1.400 6 4", toggleGuest, {
      class: "plain details",
    }),
  );
  const log = h("div", { class: "log", role: "log", "aria-label": "Conversation", "aria-live": "off", tabindex: "0" });
  const typing = h("div", { class: "typing", role: "status" });
  let shown = { id: undefined, count: -1 };

  return {
    nodes: [head, log, typing],
    show(conversation) {
      const { id, messages, guest, stage, guestTyping } = conversation;
      who.replaceChildren(
        face(conversation),
        h(
          "div",
          {},
          h("h2", {}, h("bdi", {}, guest.name), " ", h("span", { class: "small" }, toTag(conversation))),
          h("span", { class: "small" }, toLine(conversation)),
        ),
      );
      hang.hidden = stage === "ended";
      typing.textContent = guestTyping ? `${guest.name} is writing…` : "";
      if (shown.id === id && shown.count === messages.length) return;
      const wasAtEnd = shown.id !== id || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
      shown = { id, count: messages.length };
      const nodes = toNodes(messages, guest.name);
      log.replaceChildren(...(nodes.length > 0 ? nodes : [h("p", { class: "day" }, "Nothing has been said yet.")]));
      if (wasAtEnd) log.scrollTop = log.scrollHeight;
    },
  };
}
