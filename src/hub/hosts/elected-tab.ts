/** The tab host: one tab, elected by a Web Lock, keeps the session for all of its origin; the others reach it over a BroadcastChannel. */
import { browserPlatform } from "../../session/browser-platform.ts";
import { contest } from "../election/contest.ts";
import { fence, holdsBoth } from "../election/fence.ts";
import type { Seat } from "../election/seat.ts";
import { createHub } from "../hub.ts";
import { openProtocol } from "../open-protocol.ts";
import { openSession } from "../open-session.ts";
import { toSessionKey } from "../options.ts";
import type { Update, Upward } from "../port.ts";
import { createPortPair } from "../port-pair.ts";
import { holdTabLock, toLockName } from "../tab-lock.ts";
import { whenTabGone } from "../when-tab-gone.ts";
import type { Host } from "./rung.ts";

export const electedTabHost: Host = async ({ options, tab, signal, onPort, onLost }) => {
  if (!navigator.locks) throw new Error("no Web Locks: the page is not a secure context");
  const service = `genesys-guest-chat ${toSessionKey(options)}`;
  /** From when the page is there until it goes; it may come back. */
  let stay: AbortController | null = null;

  async function attach(): Promise<void> {
    if (stay) return;
    stay = new AbortController();
    const gone = stay.signal;
    const release = await holdTabLock(tab);
    if (gone.aborted) return release();
    contest({ service, openHub, sit, onBarred: onLost }, gone);
    gone.addEventListener("abort", release);
  }

  const platform = browserPlatform();
  const { clock } = platform;
  const leads = () => holdsBoth(toLockName(tab), service);
  const openSocket = (url: string) => fence(platform.openSocket(url), { leads, clock });

  function openHub(): Seat {
    const term = new AbortController();
    // No lock of a tab is waited for beyond the term: granted to a page that is frozen by then, it would stay with it.
    const hub = createHub({
      openSession: (given) => openSession(openProtocol, given, "", { ...platform, openSocket }),
      whenGone: (tab) => whenTabGone(tab, term.signal),
    });
    return {
      ...hub,
      close() {
        term.abort();
        hub.close();
      },
    };
  }

  function sit(seat: Seat): () => void {
    const [tabPort, hubPort] = createPortPair<Upward, Update>();
    seat.accept(hubPort);
    onPort(tabPort);
    return () => {
      tabPort.close();
      seat.close();
    };
  }

  function detach(): void {
    stay?.abort();
    stay = null;
  }

  // A page in the back/forward cache, or frozen, must neither lead nor count as a tab.
  addEventListener("pagehide", detach, { signal });
  document.addEventListener("freeze", detach, { signal });
  const back = () => void attach().catch(onLost);
  addEventListener("pageshow", back, { signal });
  document.addEventListener("resume", back, { signal });
  signal.addEventListener("abort", detach);
  await attach();
};
