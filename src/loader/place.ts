/** The element's place in the page: until the element is defined, its launcher stands there and fetches it on intent. */
import { button, sheet } from "./paint.ts";
import { apply, settings } from "./tag.ts";

export interface Chat extends HTMLElement {
  /** Only one that is defined has it. */
  updateComplete?: Promise<unknown>;
  openChat(): Promise<void>;
}

export const NAME = "genesys-guest-chat";
/** Of the tab: its panel is open. */
const OPEN = `${NAME}:open`;

/**
 * Resolves when the element alone is there, and open if that was asked for. Until it can be fetched this waits; of a
 * failure the console tells once, and the next intent tries again.
 */
export async function place(): Promise<Chat> {
  if (document.readyState === "loading") {
    await new Promise((resolve) => document.addEventListener("readystatechange", resolve));
  }
  let element = document.querySelector(NAME) as Chat | null;
  if (!element) {
    element = document.createElement(NAME) as Chat;
    apply(element);
    document.body.append(element);
  }
  if (element.updateComplete) return element;

  let failures = 0;
  // While it is on its way, asking again is the same fetch.
  const load = async () => {
    try {
      const url = new URL("element.js", new URL(settings.src as string, location.href));
      // Browsers remember that a module failed (whatwg/html#6768): by another name it is fetched anew.
      url.hash = (failures || "") as string;
      await import(url.href);
    } catch (error) {
      if (!failures++) console.error(`[${NAME}] No element.js beside ${settings.src}`, error);
      button.ariaBusy = null;
    }
  };
  // A touch enters, too, before it is down.
  button.onpointerenter = button.onfocus = load;
  button.onclick = () => {
    button.ariaBusy = "true";
    load();
  };

  // The element takes over the root, and with it what the page has set for the launcher.
  const root = element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(button);

  // Storage may be blocked: then even looking at it throws.
  try {
    // Without a launcher no intent can be seen: the page has a button of its own, which calls the element. Where the
    // deployment says whether there is one, the element knows.
    const isOpen = element.matches("[open],[launcher]:not([launcher=on])") || sessionStorage[OPEN];
    if (isOpen || JSON.parse(localStorage[NAME]).until > Date.now()) load();
  } catch {}
  // A conversation begins in another tab: its badge belongs here, too. Where the panel is open it began in this tab's other frame.
  addEventListener("storage", ({ key }) => {
    if (key === NAME && !sessionStorage[OPEN]) load();
  });

  await customElements.whenDefined(NAME);
  // The element's sheets have replaced the button's.
  root.adoptedStyleSheets.push(sheet);
  await element.updateComplete;
  // A button that goes while it is pressed takes the click with it.
  while (button.matches(":active")) await new Promise(requestAnimationFrame);
  // Before it goes: the browser then shows a focus ring on the next one only if this one had it.
  if (button.matches(":focus")) root.querySelector<HTMLElement>(".launcher")?.focus();
  button.remove();
  if (button.ariaBusy) element.openChat();
  return element;
}
