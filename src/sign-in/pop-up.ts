/** The pop-up of a sign-in: opened inside the click, sent on its way once the address is known, watched until it is gone. */
import { SignInError } from "./error.ts";

const WIDTH = 480;
const HEIGHT = 680;
const LOOK_MS = 500;
/** A callback that has just closed its window may be a moment ahead of what it says. */
const LOOKS = 3;

export interface PopUp {
  go(url: string): void;
  close(): void;
  /** Calls back once when the guest has closed it. Returns the un-listen. */
  whenClosed(callback: () => void): () => void;
}

/** Throws CHAT_SIGN_IN_BLOCKED. */
export function openPopUp(): PopUp {
  const left = Math.round(screenX + (outerWidth - WIDTH) / 2);
  const top = Math.round(screenY + (outerHeight - HEIGHT) / 2);
  const popup = window.open("about:blank", "_blank", `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
  if (!popup || popup.closed) throw new SignInError("CHAT_SIGN_IN_BLOCKED");
  // Or the pages in it could send this one elsewhere.
  popup.opener = null;
  return {
    go: (url) => popup.location.replace(url),
    close: () => popup.close(),
    whenClosed(callback) {
      let looks = 0;
      const timer = setInterval(() => {
        // A provider with a Cross-Origin-Opener-Policy is cut off from us, and its window looks closed while the guest
        // is typing in it: only when he is back on this page it is.
        looks = popup.closed && document.hasFocus() ? looks + 1 : 0;
        if (looks < LOOKS) return;
        clearInterval(timer);
        callback();
      }, LOOK_MS);
      return () => clearInterval(timer);
    },
  };
}
