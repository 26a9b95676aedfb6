/** connect(): authorize, open, handshake. Resolves with a live connection; used by the loop and by refresh. */
import type { HandlerEvent } from "../chat/event.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { Platform } from "./platform.ts";
import { ConnectionFailure, type Credentials, type HandlerCommand, type Protocol } from "./protocol.ts";
import { openSocket, toClosed } from "./socket.ts";

const STAGE_MS = 10_000;
/** In characters. Larger is no frame of any dialect: it is not even looked at. */
const FRAME_MAX = 1_048_576;
/** With more in a minute that nobody can read another connection may be better. */
const UNREADABLE_MOST = 20;
const MINUTE_MS = 60_000;

export interface Live {
  perform(command: HandlerCommand, signal: AbortSignal): Promise<unknown>;
  /** Asks for a sign of life now; the connection closes when none comes within 10 s. */
  check(): void;
  /** Events after this are ignored. */
  close(reason: string): void;
  /** Rejects when the connection is over, with what `judge` can judge. */
  closed: Promise<void>;
}

export interface ConnectRequest {
  protocol: Pick<Protocol, "createHandler">;
  platform: Platform;
  /** Saves what it gets before it resolves. */
  authorize(signal: AbortSignal): Promise<Credentials>;
  /** `serverId` of the newest message held. */
  after(): string | null;
  /** ms since the epoch on the server's clock. */
  serverNow(): number;
  emit(event: HandlerEvent): void;
  signal: AbortSignal;
  /** For each stage; default 10 s: a poor link may need as long for all of them. */
  stageMs?: number;
}

/** Rejects on close, abort, or when a stage takes too long. */
export async function connect(request: ConnectRequest): Promise<Live> {
  const { protocol, platform, emit, signal, stageMs = STAGE_MS } = request;
  const life = new AbortController();
  /** Ends the attempt, and later the connection; the first reason counts. */
  const end = (reason: unknown) => life.abort(reason);
  const ended = new Promise<never>((_, reject) => {
    life.signal.addEventListener("abort", () => reject(life.signal.reason));
  });
  let stage = "";
  let cancelTimeout = () => {};
  signal.addEventListener("abort", () => end(signal.reason), { signal: life.signal });
  const begin = (next: "authorize" | "open" | "handshake") => {
    stage = next;
    cancelTimeout();
    cancelTimeout = platform.clock.after(stageMs, () => {
      const circumstances = { unopened: stage === "open" };
      end(new ConnectionFailure("CHAT_CONNECTION_LOST", `no answer to ${stage}`, circumstances));
    });
  };

  /** Times of the last minute, by the monotonic clock. */
  let unreadable: number[] = [];

  async function open(): Promise<Live> {
    begin("authorize");
    const credentials = await request.authorize(life.signal);
    life.signal.throwIfAborted();
    begin("open");
    return new Promise((resolve) => {
      const handler = protocol.createHandler({
        credentials,
        after: request.after(),
        now: request.serverNow,
        platform,
        signal: life.signal,
        send: (text) => socket.send(text),
        emit(event) {
          if (life.signal.aborted) return;
          if (event.type === "lost") return end(toFailure(event));
          emit(event);
          if (event.type === "live")
            resolve({ perform: handler.perform, check: heartbeat.check, close, closed: ended });
        },
      });
      const socket = openSocket(platform, credentials.url, {
        opened() {
          begin("handshake");
          handler.handshake();
        },
        frame(text) {
          heartbeat.heard();
          if (text.length <= FRAME_MAX && handler.receive(text) !== false) return;
          emit({ type: "odd", reason: "unreadable" });
          const now = platform.clock.monotonic();
          unreadable = unreadable.filter((at) => at > now - MINUTE_MS);
          if (unreadable.push(now) > UNREADABLE_MOST) end(toClosed(1007, ""));
        },
        closed: end,
      });
      const close = (reason: string) => socket.close(1000, reason);
      const heartbeat = startHeartbeat(
        platform.clock,
        () => handler.probe(),
        () => end(toClosed(1006, "no sign of life")),
      );
      life.signal.addEventListener("abort", () => {
        heartbeat.stop();
        close("abandoned");
      });
    });
  }

  try {
    return await Promise.race([open(), ended]);
  } catch (error) {
    end(error);
    throw error;
  } finally {
    cancelTimeout();
  }
}

const toFailure = ({ decision, retryAfter, error }: Extract<HandlerEvent, { type: "lost" }>): ConnectionFailure =>
  new ConnectionFailure(error?.code ?? "CHAT_CONNECTION_LOST", error?.detail, { decision, retryAfter });
