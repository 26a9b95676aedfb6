/** Ports over one BroadcastChannel. All hear all that is posted there, so each letter says from whom it is and to whom. */
import { hasShape, isText } from "../../shape.ts";
import type { Port } from "../port.ts";
import { createPortPair } from "../port-pair.ts";

interface Letter {
  from: string;
  to: string;
  message: unknown;
}

const isLetter = hasShape({ from: isText, to: isText });

export interface Exchange {
  /** A port to whoever bears that name; one at a time. */
  connect<Out, In>(to: string): Port<Out, In>;
  /** Closes its ports; the channel stays open. */
  close(): void;
}

/**
 * One end of many ports. `name` is this end's, and nobody else's. `accept` is given the port of whoever writes first;
 * without it strangers are not heard.
 */
export function createExchange(
  channel: BroadcastChannel,
  name: string,
  accept?: (port: Port<unknown, unknown>) => void,
): Exchange {
  const inner = new Map<string, Port<unknown, unknown>>();

  function connect<Out, In>(to: string): Port<Out, In> {
    const [outside, inside] = createPortPair<Out, In>();
    inner.get(to)?.close();
    inner.set(to, inside as Port<unknown, unknown>);
    inside.listen((message) => channel.postMessage({ from: name, to, message } satisfies Letter));
    return {
      ...outside,
      close() {
        outside.close();
        if (inner.get(to) === inside) inner.delete(to);
      },
    };
  }

  function take({ data }: MessageEvent): void {
    if (!isLetter(data)) return;
    const { from, to, message } = data as Letter;
    if (to !== name) return;
    if (accept && !inner.has(from)) accept(connect(from));
    inner.get(from)?.post(message);
  }

  channel.addEventListener("message", take);
  return {
    connect,
    close() {
      channel.removeEventListener("message", take);
      for (const port of inner.values()) port.close();
      inner.clear();
    },
  };
}
