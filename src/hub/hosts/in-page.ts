/** The page host: the session lives in this page, with a connection of its own; where nothing better is to be had. */
import { createHub } from "../hub.ts";
import { openProtocol } from "../open-protocol.ts";
import { openSession } from "../open-session.ts";
import type { Update, Upward } from "../port.ts";
import { createPortPair } from "../port-pair.ts";
import type { Host } from "./rung.ts";

const TAB_KEY = "genesys-guest-chat:page";
/** The page before this one in the tab lets go of its name as it goes; who holds it for longer is another tab. */
const HELD_MS = 1_000;

export const inPageHost: Host = async ({ options, tab, signal, onPort, onLost }) => {
  const isKept = options.storage !== "memory";
  /** From when the page is there until it goes; it may come back. */
  let stay: AbortController | null = null;

  async function attach(): Promise<void> {
    if (stay) return;
    stay = new AbortController();
    const gone = stay.signal;
    // Nothing elects among pages: each has a database of its own, found again after a reload.
    const { name, release } = isKept ? await takeName(tab) : { name: tab, release() {} };
    if (gone.aborted) return release();
    const hub = createHub({ openSession: (options) => openSession(openProtocol, options, ` ${name}`) });
    gone.addEventListener("abort", () => {
      hub.close();
      release();
    });
    const [tabPort, hubPort] = createPortPair<Upward, Update>();
    hub.accept(hubPort);
    onPort(tabPort);
  }

  function detach(): void {
    stay?.abort();
    stay = null;
  }

  // In the back/forward cache it would hold what the tab's next page goes on with. What nothing keeps is its own alone.
  if (isKept) {
    addEventListener("pagehide", detach, { signal });
    addEventListener("pageshow", () => void attach().catch(onLost), { signal });
  }
  signal.addEventListener("abort", detach);
  await attach();
};

interface Name {
  name: string;
  release(): void;
}

/** The tab's name, for this page alone: a tab that was duplicated begins with a copy of the other one's storage. */
async function takeName(tab: string): Promise<Name> {
  const name = read() ?? tab;
  // While it is in use it is not there, so that no copy has it. With locks it is, for the page after a crash.
  if (!navigator.locks) {
    write(null);
    return { name, release: () => write(name) };
  }
  const held = (await hold(name)) ?? (await hold(tab)) ?? { name: tab, release() {} };
  write(held.name);
  return {
    name: held.name,
    release() {
      // The guest may have cleared it.
      write(held.name);
      held.release();
    },
  };
}

/** Nothing where another page holds it. */
const hold = (name: string): Promise<Name | null> =>
  new Promise((resolve) => {
    const held = () => new Promise<void>((release) => resolve({ name, release }));
    const patience = { signal: AbortSignal.timeout(HELD_MS) };
    navigator.locks.request(`genesys-guest-chat page ${name}`, patience, held).catch(() => resolve(null));
  });

function read(): string | null {
  try {
    return sessionStorage.getItem(TAB_KEY);
  } catch {
    return null;
  }
}

function write(name: string | null): void {
  try {
    if (name) sessionStorage.setItem(TAB_KEY, name);
    else sessionStorage.removeItem(TAB_KEY);
  } catch {
    // Blocked: the page's own name, for as long as it is there.
  }
}
