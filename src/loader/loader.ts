/** The one script tag: makes one <genesys-guest-chat> with the tag's `data-*` as attributes, and imports the element. */

(() => {
  const NAME = "genesys-guest-chat";
  const LOADED = Symbol.for(`${NAME}.loader`);
  const page = globalThis as { [LOADED]?: true };
  const script = document.currentScript;

  if (page[LOADED]) {
    console.warn(`[${NAME}] loader.js is on this page twice; the second is ignored.`);
    return;
  }
  if (!(script instanceof HTMLScriptElement) || !script.src) {
    console.error(`[${NAME}] loader.js must be loaded by a script tag with src.`);
    return;
  }
  page[LOADED] = true;

  const element = document.createElement(NAME);
  for (const { name, value } of script.attributes) {
    // Handlers and styles are the page's own affair; a strict policy would stop them here.
    if (/^data-(?!on|style$)/.test(name)) element.setAttribute(name.slice("data-".length), value);
  }
  const append = () => document.body.append(element);
  if (document.body) append();
  else document.addEventListener("DOMContentLoaded", append, { once: true });

  const url = new URL("element.js", script.src).href;
  import(url).catch((error: unknown) => console.error(`[${NAME}] ${url} could not be loaded.`, error));
})();
