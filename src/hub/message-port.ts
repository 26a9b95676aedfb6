/** A MessagePort as a Port. */
import type { Port } from "./port.ts";

export function toPort<Out, In>(channel: MessagePort): Port<Out, In> {
  return {
    // Nothing but JSON and files crosses a port, and a port that is closed takes it in silence: this never throws.
    post: (message) => channel.postMessage(message),
    listen(listener) {
      // Setting `onmessage` also starts the port: nothing that arrived before is lost.
      channel.onmessage = ({ data }: MessageEvent) => listener(data);
      return () => {
        channel.onmessage = null;
      };
    },
    close() {
      channel.onmessage = null;
      channel.close();
    },
  };
}
