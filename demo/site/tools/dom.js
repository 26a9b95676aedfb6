/** Elements made in script: texts stay texts, so that nothing that a guest writes can become markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element; `on…` are listeners, `false` and `undefined` leave an attribute out, children may be texts or nothing. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** An icon of 20×20 by the path of its strokes. */
export function icon(strokes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", strokes);
  svg.append(path);
  return svg;
}

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);
