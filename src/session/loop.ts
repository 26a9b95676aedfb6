/** The loop of a session's life: connect, live, wait, again; one failure at a time is judged and followed. */
import type { SessionEvent } from "../chat/event.ts";
import { toErrorData } from "../chat/failure.ts";
import { connect, type Live } from "./connect.ts";
import type * as judgement from "./judgement.ts";
import type { Step } from "./outage.ts";
import type { Platform } from "./platform.ts";
import type { AuthorizeReason, Credentials, Protocol } from "./protocol.ts";

/** With less uptime than this an outage goes on: its attempts are still counted. */
const HEALTHY_MS = 10_000;
/** Where what judges cannot be had, it is tried again within that. */
const PLAIN_MS = 5_000;
/** A timer with a longer delay fires at once: https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface LoopRequest {
  protocol: Protocol;
  platform: Platform;
  /** A chunk of its own; asked for again after it could not be had. */
  judgement(): Promise<typeof judgement>;
  /** Gets credentials for `reason` and keeps them. */
  authorize(reason: AuthorizeReason, signal: AbortSignal): Promise<Credentials>;
  /** Those in use. */
  credentials(): Credentials | null;
  after(): string | null;
  serverNow(): number;
  emit(event: SessionEvent): void;
  /** Caught up: commands may be performed until `onDown`. */
  onLive(live: Live): void;
  onDown(): void;
}

export interface Loop {
  /** Begins, or begins again after a stop; without effect while it runs. */
  start(reason: AuthorizeReason): void;
  /** Gets fresh credentials now; rejects as `authorize` does. A live connection is left for one with them. */
  refresh(): Promise<void>;
  /** The network may be back: try now, look at the link now. */
  wake(): void;
  /** Closes what is open and rests. */
  stop(): void;
}

export function createLoop(request: LoopRequest): Loop {
  const { protocol, platform, emit } = request;
  const { clock } = platform;
  let running: AbortController | null = null;
  let live: Live | null = null;
  /** The connection in use was left for one with fresh credentials. */
  let refreshed = false;
  /** Since the attempt has begun: a dialect may go live on a link that has died meanwhile. */
  let woken = false;
  const sleepers = new Set<() => void>();

  /** Of one outage. The network that fails is the one that has to bring what judges. */
  function createFollow(): (error: unknown) => Promise<Step> {
    let follow: ((error: unknown) => Step) | undefined;
    return async (error) => {
      try {
        follow ??= (await request.judgement()).createJudgement(platform.random, protocol.closeCodes);
      } catch {
        return { do: "retry", reason: toErrorData(error), waitMs: platform.random() * PLAIN_MS };
      }
      return follow(error);
    };
  }

  async function run(reason: AuthorizeReason, signal: AbortSignal) {
    let follow = createFollow();
    const authorize = async (attempt: AbortSignal) => {
      const credentials = await request.authorize(reason, attempt);
      // What was asked for is had: a socket that fails now is tried again with the same credentials.
      reason = "start";
      return credentials;
    };
    emit({ type: "phase", phase: "connecting" });
    for (;;) {
      refreshed = woken = false;
      try {
        live = await connect({ ...request, authorize, signal });
        if (woken) live.check();
        const upSince = clock.monotonic();
        const up = new AbortController();
        // Without it the token runs out, and the close that follows fetches another.
        request.judgement().then(
          ({ keepFresh }) => keepFresh({ ...request, refresh, sleep, follow: createFollow(), signal: up.signal }),
          () => {},
        );
        request.onLive(live);
        await live.closed.finally(() => {
          up.abort();
          live = null;
          request.onDown();
          if (clock.monotonic() - upSince >= HEALTHY_MS) follow = createFollow();
        });
      } catch (error) {
        if (signal.aborted) return;
        if (refreshed) {
          emit({ type: "phase", phase: "waiting" });
          continue;
        }
        const next = await follow(error);
        if (signal.aborted) return;
        if (next.do === "stop") return emit({ type: "phase", phase: "failed", reason: next.reason });
        if (next.do === "new-session") emit({ type: "began-anew", sentAt: request.serverNow() });
        if (next.do !== "retry") reason = next.do;
        emit({ type: "phase", phase: "waiting", reason: next.reason });
        await sleep(next.waitMs, signal);
        if (signal.aborted) return;
      }
    }
  }

  /** Fresh credentials are fetched while the old connection lives; its close then makes the loop come round with them. */
  async function refresh(signal: AbortSignal): Promise<void> {
    await request.authorize("refresh", signal);
    if (!live || signal.aborted) return;
    refreshed = true;
    live.close("refreshed");
  }

  /** Resolves after `ms` or sooner: at a wake, when `signal` aborts, or where no timer is that long. */
  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        cancel();
        sleepers.delete(go);
        signal.removeEventListener("abort", go);
        resolve();
      };
      const cancel = clock.after(Math.min(ms, LONGEST_TIMER_MS), go);
      sleepers.add(go);
      signal.addEventListener("abort", go);
    });
  }

  return {
    start(reason) {
      if (running) return;
      const started = new AbortController();
      running = started;
      void run(reason, started.signal).finally(() => {
        if (running === started) running = null;
      });
    },
    refresh: () => refresh(running?.signal ?? new AbortController().signal),
    wake() {
      for (const go of [...sleepers]) go();
      woken = true;
      live?.check();
    },
    stop() {
      live?.close("Widget disconnect");
      running?.abort();
      running = null;
    },
  };
}
