/** The tab host: one tab, elected by a Web Lock, keeps the session for all of its origin; the others reach it over a BroadcastChannel. */
import { stand } from "../election/election.ts";
import { follow } from "../election/follower.ts";
import { lead } from "../election/leader.ts";
import { openSession } from "../open-session.ts";
import { toSessionKey } from "../options.ts";
import { holdTabLock } from "../tab-lock.ts";
import type { Host } from "./rung.ts";

export const electedTabHost: Host = async ({ options, tab, signal, onPort, onLost }) => {
  if (!navigator.locks) throw new Error("no Web Locks: the page is not a secure context");
  const name = `genesys-guest-chat ${toSessionKey(options)}`;
  /** From when the page is there until it goes; it may come back. */
  let stay: AbortController | null = null;

  async function attach(): Promise<void> {
    if (stay) return;
    stay = new AbortController();
    const gone = stay.signal;
    const release = await holdTabLock(tab);
    if (gone.aborted) return release();
    const channel = new BroadcastChannel(name);
    const startFollowing = () => follow(channel, { onPort, onSilence: () => depose() });
    let stopFollowing = startFollowing();
    const takeLead = () => {
      stopFollowing();
      const stepDown = lead(channel, (given) => openSession(given), onPort);
      return () => {
        stepDown();
        if (!gone.aborted) stopFollowing = startFollowing();
      };
    };
    const depose = stand(name, { lead: takeLead, onBarred: onLost }, gone);
    gone.addEventListener("abort", () => {
      stopFollowing();
      channel.close();
      release();
    });
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
