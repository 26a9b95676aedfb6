/** Who is who: names, faces, and what a stage is called. */
import { h } from "/tools/dom.js";

export const STAGES = { waiting: "Waiting", agent: "In conversation", bot: "With Otto", ended: "Over" };

/** Most guests have no name of their own: four characters of their id tell them apart. */
export const toTag = ({ id }) => `#${id.slice(-4)}`;

/** For one line of text. */
export const toTitle = ({ guest, id }) => `${guest.name} ${toTag({ id })}`;

/** The same guest always has the same of six colours. */
const toHue = (id) => [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7) % 6;

export function face({ guest, id }) {
  const letters = guest.name.split(/\s+/).map((word) => word[0]);
  return h("span", { class: `face hue-${toHue(id)}`, "aria-hidden": "true" }, letters.slice(0, 2).join(""));
}
