/** The one script tag: makes one <genesys-guest-chat> from the tag, shows its launcher, and fetches the element on intent. */
import { type Chat, NAME, place } from "./place.ts";
import { before, type Settings, settings } from "./tag.ts";

/** What `window.genesysGuestChat` is from now on. */
interface Loader {
  /** The element, once it is defined. */
  readonly ready: Promise<Chat>;
  /** Calls back with the element once it is defined; nothing is fetched for it. What it throws is reported. */
  readonly push: (callback: (chat: Chat) => unknown) => void;
  /** As the page and the tag have set them. */
  readonly settings: Settings;
}

if (before.ready) console.warn(`[${NAME}] Two tags: remove one.`);
else {
  const ready = place();
  const push: Loader["push"] = (callback) => {
    ready.then(callback).catch(reportError);
  };
  before.forEach?.(push);
  (window as { genesysGuestChat?: Loader }).genesysGuestChat = Object.freeze({ ready, push, settings });
}
