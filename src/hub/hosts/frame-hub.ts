/** What a hub frame does: brings up a hub on its own origin for the page around it, and stands between the two. */
import type { ChatError } from "../../chat/error.ts";
import { isPlain } from "../../shape.ts";
import type { StartHost } from "../host.ts";
import { toPort } from "../message-port.ts";
import type { Join, Port, Request, TabPort, Update } from "../port.ts";
import { type FrameNews, onHello } from "./hello.ts";
import type { HostRequest } from "./rung.ts";

export interface FrameHubOptions {
  /** Where the hello arrives: the frame's window. */
  scope: EventTarget;
  /** The only one that may say it. */
  parent: unknown;
  startHost: StartHost;
  toScriptUrl?: HostRequest["toScriptUrl"];
}

/** Once, for one page; it ends with the frame. */
export function startFrameHub({ scope, parent, startHost, toScriptUrl }: FrameHubOptions): void {
  onHello(scope, parent, ({ tab, options }, embedder, control) => {
    const tell = (news: FrameNews, ...ports: MessagePort[]) => control.postMessage(news, ports);
    const join = { tab, options: { ...options, embedder } };
    // A sign of life: a frame that is blocked is silent.
    tell({});
    startHost({
      ...join,
      host: "auto",
      toScriptUrl,
      onPort(hub) {
        const { port1, port2 } = new MessageChannel();
        relay(toPort(port1), hub, join);
        tell({}, port2);
      },
      onDegraded: (error) => tell({ degraded: toData(error) }),
      onFailed: (error) => tell({ failed: toData(error) }),
    });
  });
}

/** The first message upward is the join: who joins, and from which site, is not for the page to say. */
function relay(page: Port<Update, unknown>, hub: TabPort, join: Pick<Join, "tab" | "options">): void {
  let hasJoined = false;
  page.listen((message) => {
    hub.post(hasJoined ? (message as Request) : ({ ...(isPlain(message) && message), ...join } as Join));
    hasJoined = true;
  });
  hub.listen((update) => page.post(update));
}

const toData = ({ code, detail }: ChatError) => ({ code, detail });
