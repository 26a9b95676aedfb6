/** A hub's life as a Web Lock: held by the worker that it lives in, awaited by its tabs. It also tells of a killed process, which no event does. */
import { randomId } from "../session/system.ts";

/** Resolves with the lock's name when it is held, until `over`; with nothing where there are no locks. */
export function holdHubLock(over: Promise<void>): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Of this very hub: one that comes after it under the same name is another.
    const name = `genesys-guest-chat hub ${randomId()}`;
    const held = () => {
      resolve(name);
      return over;
    };
    if (!navigator.locks) return resolve(undefined);
    navigator.locks.request(name, held).catch(() => resolve(undefined));
  });
}

/** Calls back once when nobody holds the lock any more. Returns the un-listen, without which no page is kept for a way back. */
export function onHubGone(name: string, gone: () => void): () => void {
  const waiting = new AbortController();
  // Shared: a frozen tab that is granted it must not keep the others waiting.
  const how: LockOptions = { mode: "shared", signal: waiting.signal };
  navigator.locks.request(name, how, () => gone()).catch(() => {});
  return () => waiting.abort();
}
