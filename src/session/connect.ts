/** connect(): authorize, open, handshake. Resolves with a live connection; used by the loop and by refresh. */
import type { HandlerEvent } from "../chat/event.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { Platform } from "./platform.ts";
import { ConnectionFailure, type Credentials, type HandlerCommand, type Protocol } from "./protocol.ts";
import { openSocket, type Socket, toClosed } from "./socket.ts";

const ATTEMPT_MS = 10_000;

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
  protocol: Protocol;
  platform: Platform;
  /** Saves what it gets before it resolves. */
  authorize(signal: AbortSignal): Promise<Credentials>;
  /** `serverId` of the newest message held. */
  after(): string | null;
  /** ms since the epoch on the server's clock. */
  serverNow(): number;
  emit(event: HandlerEvent): void;
  signal: AbortSignal;
}

/** Rejects on close, abort, or after 10 s. */
export async function connect(request: ConnectRequest): Promise<Live> {
  const { protocol, platform, emit, signal } = request;
  const life = new AbortController();
  /** Ends the attempt, and later the connection; the first reason counts. */
  const end = (reason: unknown) => life.abort(reason);
  const ended = new Promise<never>((_, reject) => {
    life.signal.addEventListener("abort", () => reject(life.signal.reason));
  });
  const unlessEnded = <T>(promise: Promise<T>): Promise<T> => Promise.race([promise, ended]);
  let stage: "authorize" | "open" | "handshake" = "authorize";
  let socket: Socket | undefined;
  signal.addEventListener("abort", () => end(signal.reason), { signal: life.signal });
  const cancelTimeout = platform.clock.after(ATTEMPT_MS, () => {
    const detail = `no answer to ${stage} within 10 s`;
    end(new ConnectionFailure("CHAT_CONNECTION_LOST", detail, { unopened: stage === "open" }));
  });

  try {
    const credentials = await unlessEnded(request.authorize(life.signal));
    stage = "open";
    socket = openSocket(platform, credentials.url);
    await unlessEnded(socket.opened);
    stage = "handshake";
    return await shakeHands(credentials, socket);
  } catch (error) {
    end(error);
    socket?.close(1000, "abandoned");
    throw error;
  } finally {
    cancelTimeout();
  }

  async function shakeHands(credentials: Credentials, socket: Socket): Promise<Live> {
    let live = () => {};
    const isLive = new Promise<void>((resolve) => {
      live = resolve;
    });
    const handler = protocol.createHandler({
      credentials,
      after: request.after(),
      now: request.serverNow,
      send: socket.send,
      emit(event) {
        if (life.signal.aborted) return;
        if (event.type === "lost") return end(toFailure(event));
        emit(event);
        if (event.type === "live") live();
      },
    });
    const heartbeat = startHeartbeat(
      platform.clock,
      () => handler.probe(),
      () => end(toClosed(1006, "no sign of life")),
    );
    const pump = async () => {
      handler.handshake();
      for await (const frame of socket) {
        if (life.signal.aborted) break;
        heartbeat.heard();
        handler.receive(frame);
      }
    };
    const closed = unlessEnded(pump()).catch((reason) => {
      end(reason);
      heartbeat.stop();
      socket.close(1000, "");
      throw reason;
    });
    await Promise.race([isLive, closed]);
    return {
      perform: handler.perform,
      check: heartbeat.check,
      close(reason) {
        socket.close(1000, reason);
        end(toClosed(1000, reason));
      },
      closed,
    };
  }
}

const toFailure = ({ decision, retryAfter, error }: Extract<HandlerEvent, { type: "lost" }>): ConnectionFailure =>
  new ConnectionFailure(error?.code ?? "CHAT_CONNECTION_LOST", error?.detail, { decision, retryAfter });
