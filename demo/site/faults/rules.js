/** The fault rules: ready-made ones as switches, one's own from a box, all with how often they have fired. */
import { byId, h, icon } from "/tools/dom.js";
import { call } from "/tools/sandbox.js";

const toFired = ({ fired, times }) => {
  const count = fired === 1 ? "fired once" : `fired ${fired} times`;
  return times !== undefined && fired >= times ? `${count}, used up` : fired > 0 ? count : "waiting";
};

/** `attempt` runs an action and shows why it failed. */
export function createRules(attempt) {
  const switches = new Map();
  let inForce = [];

  const off = (ids) => Promise.all(ids.map((id) => call(`faults/${id}`, undefined, "DELETE")));

  async function turn(rule, isOn) {
    // A used one is taken away first: switched on again it counts afresh.
    const ids = inForce.filter(({ name }) => name === rule.name).map(({ id }) => id);
    await attempt(async () => {
      await off(ids);
      if (isOn) await call("faults", rule);
    });
    await refresh();
  }

  function show() {
    for (const [name, { input, note }] of switches) {
      const fault = inForce.find((each) => each.name === name);
      input.checked = Boolean(fault) && !(fault.times !== undefined && fault.fired >= fault.times);
      note.textContent = fault ? toFired(fault) : "";
    }
    const others = inForce.filter(({ name }) => !switches.has(name));
    byId("others").replaceChildren(
      ...others.map(({ id, fired, ...rule }) =>
        h(
          "div",
          { class: "other" },
          h("code", {}, JSON.stringify(rule)),
          h("span", { class: "small" }, toFired({ fired, ...rule })),
          h(
            "button",
            { class: "plain", type: "button", "aria-label": "Remove this rule", onclick: () => remove(id) },
            icon("M5 5l10 10M15 5 5 15"),
          ),
        ),
      ),
    );
  }

  async function remove(id) {
    await attempt(() => off([id]));
    await refresh();
  }

  /** Says nothing when it fails: what has just been told of another failure must stay. */
  async function refresh() {
    const answer = await call("faults", undefined, "GET").catch(() => undefined);
    if (!answer) return;
    inForce = answer.faults;
    show();
  }

  attempt(async () => {
    const ready = await (await fetch("/faults/ready.json")).json();
    byId("ready").replaceChildren(
      ...ready.map(({ says, rule }) => {
        const input = h("input", {
          class: "switch",
          type: "checkbox",
          "aria-label": rule.name,
          onchange: () => turn(rule, input.checked),
        });
        const note = h("span", { class: "fired" });
        switches.set(rule.name, { input, note });
        return h(
          "label",
          { class: "knob" },
          h("span", {}, h("b", {}, rule.name), h("span", { class: "small" }, says)),
          note,
          input,
        );
      }),
    );
    show();
  });

  byId("own").addEventListener("submit", async (event) => {
    event.preventDefault();
    await attempt(async () => {
      let rule;
      try {
        rule = JSON.parse(byId("rule").value);
      } catch ({ message }) {
        throw new Error(`The rule is not JSON: ${message}`);
      }
      await call("faults", rule);
    });
    await refresh();
  });
  byId("clear").addEventListener("click", async () => {
    await attempt(() => call("faults", undefined, "DELETE"));
    await refresh();
  });

  return { refresh };
}
