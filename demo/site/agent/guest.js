/** The right column: what is known of the guest. */
import { face, STAGES, toTag } from "/agent/faces.js";
import { now, toClock, toDay, toSpan } from "/agent/times.js";
import { byId, h, icon } from "/tools/dom.js";

const toText = (value) => (typeof value === "string" ? value : JSON.stringify(value));

const facts = (entries) =>
  h(
    "dl",
    {},
    entries.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, h("bdi", {}, value)))),
  );

const section = (title, entries) => entries.length > 0 && h("section", {}, h("h3", {}, title), facts(entries));

const toMoment = (at) => `${toDay(at)}, ${toClock(at)}`;

/** In web messaging the deployment says where a guest belongs. */
function toRouting({ guest, deployment }) {
  if (!guest.routing) return [["Deployment", deployment]];
  const { queue, skill, language } = guest.routing;
  return [
    ["Queue", queue],
    ["Skill", skill],
    ["Language", language],
  ];
}

/** `more`: a section below the others. `close()`: on small screens the column lies over the talk. */
export function showGuest(conversation, more, close) {
  const column = byId("guest");
  // It scrolls, and must do so by keyboard.
  column.tabIndex = conversation ? 0 : -1;
  if (!conversation) {
    column.replaceChildren();
    return;
  }
  const { guest, stage, guestHere, agents, startedAt, lastActivityAt, waitingSince } = conversation;
  const { scrollTop } = column;
  column.replaceChildren(
    h(
      "header",
      {},
      face(conversation),
      h("div", {}, h("h2", {}, h("bdi", {}, guest.name)), h("span", { class: "small" }, toTag(conversation))),
      h(
        "button",
        { class: "plain shut", type: "button", "aria-label": "Close guest details", onclick: close },
        icon("M5 5l10 10M15 5 5 15"),
      ),
    ),
    section("Conversation", [
      ["Stage", STAGES[stage]],
      ["Guest is", stage === "ended" ? "gone" : guestHere ? "on the page" : "not connected"],
      ...(agents.length > 0 ? [["Agents", agents.join(", ")]] : []),
      ...(waitingSince === null ? [] : [["Waiting", toSpan(now() - waitingSince)]]),
      ["Started", toMoment(startedAt)],
      ["Last activity", toMoment(lastActivityAt)],
    ]),
    section("Routing", toRouting(conversation)),
    section(
      "Attributes",
      Object.entries(guest.attributes).map(([name, value]) => [name.replaceAll("_", " "), toText(value)]),
    ),
    ...(more ? [more] : []),
  );
  column.scrollTop = scrollTop;
}
