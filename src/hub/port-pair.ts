/** Two ports joined in memory, with the manners of a MessageChannel: cloned, later, in order. */
import type { Port } from "./port.ts";

export function createPortPair<A, B>(): [Port<A, B>, Port<B, A>] {
  const one = createEnd<B>();
  const two = createEnd<A>();
  const toPort = <Out, In>(own: End<In>, other: End<Out>): Port<Out, In> => ({
    post: (message) => other.take(message),
    listen: own.listen,
    close() {
      one.close();
      two.close();
    },
  });
  return [toPort(one, two), toPort(two, one)];
}

interface End<In> {
  take(message: In): void;
  listen(listener: (message: In) => void): () => void;
  close(): void;
}

function createEnd<In>(): End<In> {
  const arrived: In[] = [];
  let listener: ((message: In) => void) | null = null;
  let closed = false;
  const flush = () => {
    while (listener && arrived.length > 0) listener(arrived.shift() as In);
  };
  return {
    take(message) {
      if (closed) return;
      arrived.push(structuredClone(message));
      queueMicrotask(flush);
    },
    listen(newListener) {
      listener = newListener;
      queueMicrotask(flush);
      return () => {
        listener = null;
      };
    },
    close() {
      closed = true;
      arrived.length = 0;
      listener = null;
    },
  };
}
