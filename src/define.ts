/** Registers <genesys-guest-chat>. */
import { GenesysGuestChat } from "./element/genesys-guest-chat.ts";

// Two copies of the script on one page, perhaps of two versions: the first one stays.
if (customElements.get("genesys-guest-chat")) {
  console.warn("[genesys-guest-chat] Defined twice.");
} else customElements.define("genesys-guest-chat", GenesysGuestChat);

declare global {
  interface HTMLElementTagNameMap {
    "genesys-guest-chat": GenesysGuestChat;
  }
}
