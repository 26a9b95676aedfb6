/** The frame host: a hidden frame on the origin of the chat's files keeps the session, where no worker of theirs may start. */
import { fromErrorData } from "../../chat/error.ts";
import { toPort } from "../message-port.ts";
import { type FrameNews, toHello } from "./hello.ts";
import { type Host, PATIENCE_MS } from "./rung.ts";

/** A slow network is no reason to have a session in the page beside the one that other tabs have in the frame. */
const LOAD_MS = 10_000;

export const frameHost: Host = ({ options, workerUrl, tab, signal, onPort, onDegraded, onLost }) =>
  new Promise((resolve, reject) => {
    const url = new URL("hub.html", new URL(workerUrl ?? "", import.meta.url));
    const frame = createFrame(url.href);
    signal.addEventListener("abort", () => frame.remove());
    let fail = (error: Error) => {
      frame.remove();
      reject(error);
    };
    const giveUp = () => fail(new Error(`${url.href} is silent`));
    let timer = setTimeout(giveUp, LOAD_MS);
    // Only of Firefox, and only for some reasons.
    frame.addEventListener("error", giveUp);

    frame.addEventListener("load", () => {
      // Its script has run by now, or never will: who is forbidden loads, too, and is not heard of.
      clearTimeout(timer);
      timer = setTimeout(giveUp, PATIENCE_MS);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data, ports: [port] }: MessageEvent<FrameNews>) => {
        clearTimeout(timer);
        const { degraded, failed } = data;
        if (degraded) onDegraded(fromErrorData(degraded));
        if (failed) fail(fromErrorData(failed));
        if (!port) return;
        onPort(toPort(port));
        fail = onLost;
        resolve();
      };
      // Nobody else can read it: what the page says is for the chat's own origin.
      frame.contentWindow?.postMessage(toHello(tab, options), url.origin, [port2]);
    });
    // Not in the body, which some pages replace as they walk.
    document.documentElement.append(frame);
  });

function createFrame(src: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.src = src;
  // Its own origin is what it is for; it navigates nothing, opens nothing, and submits nothing.
  frame.sandbox.add("allow-scripts", "allow-same-origin");
  frame.referrerPolicy = "no-referrer";
  // Some style resets show every frame, hidden or not.
  frame.hidden = true;
  frame.style.setProperty("display", "none", "important");
  return frame;
}
