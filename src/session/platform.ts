/** Platform: time, network and chance, handed in so that tests own them. Types only. */

export interface Clock {
  /** Wall clock, ms since the epoch. May jump. */
  now(): number;
  /** ms since some moment. Never goes back. */
  monotonic(): number;
  /** Calls back once after `ms`; returns the way to call it off. */
  after(ms: number, callback: () => void): () => void;
}

/** The part of WebSocket that is used. */
export interface PlatformSocket {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "message" | "error" | "close", listener: (event: never) => void): void;
}

/** A file on its way to a signed address. */
export interface UploadRequest {
  url: string;
  /** Exactly these. */
  headers: Readonly<Record<string, string>>;
  /** Its type goes along as Content-Type, unless `headers` have one. */
  file: Blob;
}

/** Puts a file there; `onProgress` is told the share that is up, 0 to 1. Resolves with the HTTP status, rejects where there is none. */
export type Upload = (
  request: UploadRequest,
  onProgress: (share: number) => void,
  signal: AbortSignal,
) => Promise<number>;

export interface Platform {
  clock: Clock;
  /** As Math.random: [0, 1). */
  random(): number;
  /** A UUID. */
  randomId(): string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Left out, it is done as a browser does it: that is fetched with the first file. */
  upload?: Upload;
  openSocket(url: string): PlatformSocket;
  /** BCP 47. */
  locale: string;
  /** Calls back when the network may be back or the machine has woken. Returns the un-listen. */
  onWake(callback: () => void): () => void;
}
