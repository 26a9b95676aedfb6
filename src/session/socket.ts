/** A WebSocket that tells of each text frame, and once of its close. */
import type { Platform, PlatformSocket } from "./platform.ts";
import { ConnectionFailure } from "./protocol.ts";

export interface Socket {
  send(text: string): void;
  /** It is over at once: a dead link would keep the real close waiting. */
  close(code: number, reason: string): void;
}

export interface SocketListener {
  opened(): void;
  /** As `opened`, it may throw: then it is over for that reason. */
  frame(text: string): void;
  /** Nothing comes after it. */
  closed(failure: unknown): void;
}

const OPEN = 1;

export const toClosed = (code: number, reason: string, unopened = false): ConnectionFailure =>
  new ConnectionFailure("CHAT_CONNECTION_LOST", `close ${code} ${reason}`.trim(), { close: code, unopened });

/** Throws the close where the browser does not even try, as for ws: on an https page. */
export function openSocket(platform: Platform, url: string, listener: SocketListener): Socket {
  let socket: PlatformSocket;
  try {
    socket = platform.openSocket(url);
  } catch (error) {
    throw toClosed(1006, String(error), true);
  }
  let isOpen = false;
  let isOver = false;

  const end = (failure: unknown) => {
    if (isOver) return;
    isOver = true;
    listener.closed(failure);
  };
  const attempt = (act: () => void) => {
    try {
      if (!isOver) act();
    } catch (error) {
      end(error);
    }
  };
  socket.addEventListener("open", () => {
    isOpen = true;
    attempt(listener.opened);
  });
  socket.addEventListener("message", ({ data }: MessageEvent) => {
    // Dialects have text frames only; what is binary is not for us.
    if (typeof data === "string") attempt(() => listener.frame(data));
  });
  const close = (code: number, reason: string) => end(toClosed(code, reason, !isOpen && code === 1006));
  socket.addEventListener("close", ({ code, reason }: CloseEvent) => close(code, reason));
  // A close with the code follows, but in Chromium not where a policy's connect-src forbids the socket.
  socket.addEventListener("error", () => isOpen || close(1006, ""));

  return {
    send(text) {
      // While it closes it is not over yet, and a page's console tells of each text that is lost.
      if (socket.readyState === OPEN) socket.send(text);
    },
    close(code, reason) {
      socket.close(code, reason);
      end(toClosed(code, reason));
    },
  };
}
