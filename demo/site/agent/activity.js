/** The guest's activity as his browser has told the broker: what happened when, in plain words, and for how long. */
import { toClock, toDuration, toTime } from "/agent/times.js";
import { h } from "/tools/dom.js";

/** The broker hears every half a minute of what is new, and when a guest looks away. */
const ASK_MS = 3_000;

const toCode = (code) =>
  String(code)
    .replace(/^CHAT_/, "")
    .replaceAll("_", " ")
    .toLowerCase();

const WORDS = {
  session_started: () => "Session began",
  session_resumed: () => "Came back",
  session_failed: ({ code }) => `Chat failed: ${toCode(code)}`,
  session_terminated: () => "Session ended and erased",
  ws_connecting: () => "Connecting",
  ws_connected: () => "Connected",
  ws_waiting: ({ code }) => `Waits to connect again: ${toCode(code)}`,
  ws_disconnected: () => "Disconnected",
  ws_message_received: ({ type }) => (type === "presence" ? "Saw who joined or left" : "Received a message"),
  ws_message_sent: () => "Sent a message",
  first_answer_received: ({ duration_ms }) => `First answer, after ${toDuration(duration_ms)}`,
  conversation_ended: () => "Conversation ended",
  token_refreshed: () => "Credentials renewed",
  profile_synced: () => "Profile verified",
  entries_dropped: ({ count }) => `${count} entries were too many to keep`,
};

const toWords = (line) => (WORDS[line.activity] ?? (() => toCode(line.activity)))(line);

/** Newest first; what happened several times in a row is one line. */
function toRows(lines) {
  const rows = [];
  for (const line of lines) {
    const words = toWords(line);
    const last = rows.at(-1);
    if (last?.words === words) Object.assign(last, { at: Date.parse(line.timestamp), times: last.times + 1 });
    else rows.push({ words, at: Date.parse(line.timestamp), times: 1 });
  }
  return rows.reverse();
}

const toItem = ({ words, at, times }) =>
  h(
    "li",
    {},
    h("time", { datetime: new Date(at).toISOString(), title: toClock(at) }, toTime(at)),
    h("span", {}, words, times > 1 && h("span", { class: "small" }, ` ${times} times`)),
  );

const fact = (name, ms) => h("div", {}, h("dt", {}, name), h("dd", {}, ms === undefined ? "not yet" : toDuration(ms)));

/** `changed()` is called when there is more to show. */
export function createActivity(changed) {
  let session;
  let lines = [];
  let isTold = false;

  async function ask() {
    const asked = session;
    if (!asked || document.visibilityState !== "visible") return;
    const response = await fetch(`/demo/activity?session=${encodeURIComponent(asked)}`).catch(() => undefined);
    if (!response?.ok) return;
    const { lines: told } = await response.json();
    if (asked !== session || (isTold && told.at(-1)?.seq === lines.at(-1)?.seq)) return;
    lines = told;
    isTold = true;
    changed();
  }
  setInterval(ask, ASK_MS);

  return {
    /** The conversation that is looked at, by its id; undefined for none. */
    watch(id) {
      if (id === session) return;
      session = id;
      lines = [];
      isTold = false;
      ask();
    },
    /** To be shown below what is known of the guest; undefined where nothing is known yet, not even that there is nothing. */
    section() {
      if (!isTold) return undefined;
      const title = h("h3", { id: "activity-title" }, "Activity");
      const { durationMs } = lines.at(-1) ?? {};
      if (durationMs === undefined) {
        const why = "Nothing told yet. The guest's browser tells every half a minute, and when the chat is closed.";
        return h("section", { class: "activity" }, title, h("p", { class: "small" }, why));
      }
      const first = lines.findLast(({ activity }) => activity === "first_answer_received");
      return h(
        "section",
        { class: "activity" },
        title,
        h("dl", {}, fact("Session lasted", durationMs), fact("First answer", first?.duration_ms)),
        h("ol", { "aria-labelledby": "activity-title" }, toRows(lines).map(toItem)),
      );
    },
  };
}
