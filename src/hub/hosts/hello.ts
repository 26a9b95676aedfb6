/** The hello: the one message that a page says to its hub frame. All that follows crosses the port that comes with it. */
import type { ChatErrorData } from "../../chat/error.ts";
import { hasShape, isOneOf, isPlain, isTextOf } from "../../shape.ts";
import type { HubOptions } from "../options.ts";

const HELLO = "genesys-guest-chat";

export interface Hello {
  hello: typeof HELLO;
  /** As in a join. */
  tab: string;
  options: HubOptions;
}

/** What the frame says on the hello's port: nothing as a sign of life, a port to a hub beside it, or what went wrong. */
export interface FrameNews {
  degraded?: ChatErrorData;
  failed?: ChatErrorData;
}

export const toHello = (tab: string, options: HubOptions): Hello => ({ hello: HELLO, tab, options });

// The options in full are for the hub to judge: it can say what is wrong with them.
const isHello = hasShape({ hello: isOneOf(HELLO), tab: isTextOf(100), options: isPlain });

/**
 * Takes the first good hello of `parent`, and nothing after it: from nobody else, with one port, and from a page that has
 * an origin. `embedder` is that origin as the browser tells it.
 */
export function onHello(
  scope: EventTarget,
  parent: unknown,
  take: (hello: Hello, embedder: string, port: MessagePort) => void,
): void {
  const listen = (event: Event) => {
    const { source, origin, data, ports } = event as MessageEvent;
    const [port] = ports;
    // "null" is every sandboxed page and local file: they must not meet in one session.
    if (source !== parent || origin === "null" || !port || !isHello(data)) return;
    scope.removeEventListener("message", listen);
    take(data as Hello, origin, port);
  };
  scope.addEventListener("message", listen);
}
