/** When a deployment's configuration is worth fetching: somebody is about to open the chat, or a launcher waits for it. */

const INTENTS = ["pointerover", "focusin", "chat-open"];

/**
 * Calls once: on intent, which may have been there before; with `waits` when the page has loaded and has nothing else to
 * do. Gives the un-listen.
 */
export function whenWanted(host: HTMLElement & { open: boolean }, waits: boolean, call: () => void): () => void {
  const page = new AbortController();
  const once = () => {
    if (page.signal.aborted || !host.isConnected) return;
    page.abort();
    call();
  };
  const listening = { signal: page.signal };
  for (const type of INTENTS) host.addEventListener(type, once, listening);
  // Safari has no idle callback.
  const idle = () => ("requestIdleCallback" in window ? requestIdleCallback(once) : setTimeout(once, 200));
  if (waits && document.readyState !== "complete") addEventListener("load", idle, listening);
  else if (waits) idle();
  if (host.open || host.matches(":hover,:focus-within")) queueMicrotask(once);
  return () => page.abort();
}
