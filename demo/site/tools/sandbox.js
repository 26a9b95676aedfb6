/** The sandbox's control from a page: calls, and the events that keep it up to date. */

const TYPES = ["state", "change", "beat", "log"];
/** Two beats and a little: after this much silence the line is dead, whatever the browser thinks. */
const SILENCE_MS = 35_000;
const AGAIN_MS = 2000;

/** Resolves with the answer; rejects with an Error that says why, for people. */
export async function call(path, body, method = "POST") {
  const json =
    body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/sandbox/${path}`, { method, ...json }).catch(() => {
    throw new Error("The sandbox cannot be reached.");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? `The sandbox answered ${response.status}.`);
  return answer;
}

/** Listens as long as the page lives. `onLine(true)` with the first event of a connection, `onLine(false)` when it is lost. */
export function listen({ log = false, onEvent, onLine }) {
  let source;
  let silence;
  let again;
  const open = () => {
    source = new EventSource(`/sandbox/events${log ? "?log" : ""}`);
    for (const type of TYPES) {
      source.addEventListener(type, ({ data }) => {
        heard();
        if (type === "state") onLine(true);
        onEvent(type, JSON.parse(data));
      });
    }
    source.addEventListener("error", () => {
      onLine(false);
      // The browser comes back by itself after a cut, never after a refusal.
      if (source.readyState === EventSource.CLOSED) reopen();
    });
    heard();
  };
  const reopen = () => {
    source.close();
    onLine(false);
    clearTimeout(again);
    again = setTimeout(open, AGAIN_MS);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(reopen, SILENCE_MS);
  };
  open();
  // A page kept for the back button must not hold one of the browser's few connections.
  addEventListener("pagehide", () => {
    source.close();
    clearTimeout(silence);
    clearTimeout(again);
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) open();
  });
}
