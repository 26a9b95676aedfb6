/** The page host: the session lives in this page, with a connection of its own; where nothing better is to be had. */
import { createHub } from "../hub.ts";
import { openSession } from "../open-session.ts";
import type { Update, Upward } from "../port.ts";
import { createPortPair } from "../port-pair.ts";
import type { Host } from "./rung.ts";

const TAB_KEY = "genesys-guest-chat:page";

export const inPageHost: Host = async ({ options, tab, signal, onPort }) => {
  // Nothing elects among pages: each has a database of its own, found again after a reload.
  const name = options.storage === "memory" ? tab : rememberedName(tab);
  const hub = createHub({ openSession: (options) => openSession(options, ` ${name}`) });
  signal.addEventListener("abort", () => hub.close());
  const [tabPort, hubPort] = createPortPair<Upward, Update>();
  hub.accept(hubPort);
  onPort(tabPort);
};

function rememberedName(tab: string): string {
  try {
    const name = sessionStorage.getItem(TAB_KEY) ?? tab;
    sessionStorage.setItem(TAB_KEY, name);
    return name;
  } catch {
    return tab;
  }
}
