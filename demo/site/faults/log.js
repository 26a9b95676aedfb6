/** The log of the sandbox as it comes: the newest at the bottom, bounded, and still while one reads further up. */
import { byId, h } from "/tools/dom.js";

const MOST = 300;
const NEAR_PX = 40;
const ARROWS = { in: ["→", "to the sandbox"], out: ["←", "to the guest"] };

const toClock = (at) => new Date(at).toLocaleTimeString("en-GB") + at.slice(19, 23);

function toWhat({ kind, type, method, path, status, frame }) {
  if (kind === "http") return [`${method} ${path}`, String(status)];
  if (kind === "upgrade") return ["upgrade", String(status)];
  const { type: _, ...rest } = frame ?? {};
  return [type ?? "frame", frame ? JSON.stringify(rest.payload ?? rest) : ""];
}

function toRow(entry) {
  const [arrow, way] = ARROWS[entry.direction];
  const [what, more] = toWhat(entry);
  return h(
    "div",
    { class: `entry${entry.fault ? " struck" : ""}` },
    h("time", { datetime: entry.at }, toClock(entry.at)),
    h("span", { title: way }, h("span", { "aria-hidden": "true" }, arrow), h("span", { class: "sr" }, way)),
    h("b", {}, what),
    h("span", { class: "more", title: more }, entry.lost ? "lost" : more),
    entry.fault && h("span", { class: "rule" }, entry.fault),
  );
}

export function createLog() {
  const entries = byId("entries");
  // What scrolls must be within reach of the keyboard.
  entries.tabIndex = 0;
  const add = (...rows) => {
    const isAtEnd = entries.scrollHeight - entries.scrollTop - entries.clientHeight < NEAR_PX;
    entries.append(...rows);
    while (entries.childElementCount > MOST) entries.firstChild.remove();
    if (isAtEnd) entries.scrollTop = entries.scrollHeight;
  };
  return {
    add: (entry) => add(toRow(entry)),
    empty: () => entries.replaceChildren(),
    /** With what has crossed before this page came. */
    async fill() {
      const text = await fetch("/sandbox/log").then(
        (response) => response.text(),
        () => "",
      );
      const lines = text.split("\n").filter(Boolean).slice(-MOST);
      entries.replaceChildren();
      add(...lines.map((line) => toRow(JSON.parse(line))));
      entries.scrollTop = entries.scrollHeight;
    },
  };
}
