/** What the page tells the loader: its script tag, and `window.genesysGuestChat` from before the loader has arrived. */

/** By the attributes' names, in camelCase or with dashes; `src` is the loader's own URL, where no tag tells it. */
export type Settings = Record<string, unknown>;

/** An array of callbacks, an object with settings, or both; `ready` where a loader has been here before. */
interface Before {
  settings?: Settings;
  ready?: unknown;
  forEach?: (call: (callback: () => unknown) => void) => void;
}

/** An element of the page with this id is none of it: no markup may choose where code is fetched from. */
export const before: Before =
  (Object.hasOwn(window, "genesysGuestChat") && (window as { genesysGuestChat?: Before }).genesysGuestChat) || [];

/** A module has none, and tag managers may leave none. Not `document.currentScript`: an image of that name would be taken for it. */
const tag = Reflect.get(Document.prototype, "currentScript", document) as HTMLScriptElement | null;

/** Of the tag's `data-*` and of the page's settings, which win. */
export const settings: Settings = { ...tag?.dataset, src: tag?.src, ...before.settings };

/** Every setting becomes the attribute of its name. */
export function apply(element: HTMLElement): void {
  for (const key in settings) {
    const name = key.replace(/[A-Z]/g, "-$&");
    const value = settings[key];
    // Handlers and styles are the page's own affair; a strict policy would stop them here.
    if ((value || value === "") && /^(?!on|src|style)./.test(name)) element.setAttribute(name, value as string);
  }
}
