/** The knobs of the sandbox on a page: settings, sockets, fault rules, and the log as it comes. */
import { createLog } from "/faults/log.js";
import { createRules } from "/faults/rules.js";
import { byId } from "/tools/dom.js";
import { call, listen } from "/tools/sandbox.js";

/** Runs what a control asks for; why it failed is shown. Resolves with the answer, or with nothing. */
async function attempt(action) {
  byId("error").textContent = "";
  try {
    return await action();
  } catch ({ message }) {
    byId("error").textContent = message;
    byId("error").scrollIntoView({ block: "nearest" });
    return undefined;
  }
}

const showSettings = (settings) => {
  if (!settings) return;
  byId("seconds").value = settings.guestTokenSeconds;
  byId("refuse").checked = settings.refuseSockets;
};
const set = async (settings) => showSettings(await attempt(() => call("settings", settings)));

byId("tokens").addEventListener("submit", (event) => {
  event.preventDefault();
  set({ guestTokenSeconds: byId("seconds").valueAsNumber });
});
byId("refuse").addEventListener("change", ({ target }) => set({ refuseSockets: target.checked }));

async function close(how) {
  const answer = await attempt(() => call("sockets/close", how));
  if (answer)
    byId("ended").textContent = answer.closed === 1 ? "1 socket was open" : `${answer.closed} sockets were open`;
}
byId("closing").addEventListener("submit", (event) => {
  event.preventDefault();
  close({ code: byId("code").valueAsNumber });
});
byId("cut").addEventListener("click", () => close({ abnormal: true }));

const rules = createRules(attempt);
const log = createLog();
byId("wipe").addEventListener("click", log.empty);

listen({
  log: true,
  onEvent(type, data) {
    if (type === "log") {
      log.add(data);
      if (data.fault) rules.refresh();
    }
  },
  onLine(isLive) {
    byId("line").textContent = isLive ? "" : "Connection lost. Trying again.";
    if (!isLive) return;
    // Another sandbox may have taken its place.
    log.fill();
    rules.refresh();
    set({});
  },
});
