/** A WebSocket as an async sequence of frames that ends by throwing its close. */
import type { Platform, PlatformSocket } from "./platform.ts";
import { ConnectionFailure } from "./protocol.ts";

export interface Socket extends AsyncIterable<string> {
  /** Resolves at `open`, rejects with the close. */
  opened: Promise<void>;
  send(text: string): void;
  /** Ends the sequence at once: a dead link would keep the real close waiting. */
  close(code: number, reason: string): void;
}

export const toClosed = (code: number, reason: string, unopened = false): ConnectionFailure =>
  new ConnectionFailure("CHAT_CONNECTION_LOST", `close ${code} ${reason}`.trim(), { close: code, unopened });

/** Throws the close where the browser does not even try, as for ws: on an https page. */
export function openSocket(platform: Platform, url: string): Socket {
  let socket: PlatformSocket;
  try {
    socket = platform.openSocket(url);
  } catch (error) {
    throw toClosed(1006, String(error), true);
  }
  const frames: string[] = [];
  let isOpen = false;
  let closed: ConnectionFailure | undefined;
  let wake = () => {};

  const end = (code: number, reason: string) => {
    closed ??= toClosed(code, reason, !isOpen && code === 1006);
    wake();
  };
  socket.addEventListener("message", ({ data }: MessageEvent) => {
    // Dialects have text frames only; what is binary is not for us.
    if (typeof data === "string") frames.push(data);
    wake();
  });
  socket.addEventListener("close", ({ code, reason }: CloseEvent) => end(code, reason));
  // Without a listener Node's `ws` throws; a close with the code follows in any case.
  socket.addEventListener("error", () => {});

  return {
    opened: new Promise((resolve, reject) => {
      socket.addEventListener("open", () => {
        isOpen = true;
        resolve();
      });
      wake = () => {
        if (closed) reject(closed);
      };
    }),
    send(text) {
      if (!closed) socket.send(text);
    },
    close(code, reason) {
      end(code, reason);
      socket.close(code, reason);
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (frames.length > 0) yield frames.shift() as string;
        if (closed) throw closed;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
