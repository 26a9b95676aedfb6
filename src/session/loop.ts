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
/** Of a connection that is to take the place of a live one: there are two sockets for 15 s at most. */
const REFRESH_STAGE_MS = 7_500;
const WAKE_PAUSE_MS = 1_000;
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
  /** No tab shows the chat any more. */
  isHidden(): boolean;
}

export interface Loop {
  /** Begins, or begins again after a stop; without effect while it runs. */
  start(reason: AuthorizeReason): void;
  /** Gets fresh credentials now; rejects as `authorize` does. A live connection is left as soon as another with them is live. */
  refresh(): Promise<void>;
  /** The network may be back: try now, look at the link now. */
  wake(): void;
  /** Closes what is open and rests. */
  stop(): void;
}

export function createLoop(request: LoopRequest): Loop {
  const { platform, emit } = request;
  const { clock } = platform;
  let running: AbortController | null = null;
  let live: Live | null = null;
  /** Live, with fresh credentials: the connection in use was left for it. */
  let successor: Live | null = null;
  /** Of the connection in use and those that take its place. */
  let up = new AbortController();
  /** Since the attempt has begun: a dialect may go live on a link that has died meanwhile. */
  let woken = false;
  /** No wake makes an attempt before it. */
  let earliest = 0;
  const sleepers = new Set<() => void>();
  let cancelWake = () => {};

  /** Of one outage. The network that fails is the one that has to bring what judges. */
  function createFollow(): (error: unknown) => Promise<Step> {
    let follow: ((error: unknown) => Step) | undefined;
    return async (error) => {
      try {
        follow ??= (await request.judgement()).createJudgement(request);
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
      woken = false;
      earliest = clock.monotonic() + WAKE_PAUSE_MS;
      try {
        if (!successor) up = new AbortController();
        const own = up;
        live = successor ?? (await connect({ ...request, authorize, signal }));
        successor = null;
        earliest = 0;
        if (woken) live.check();
        const upSince = clock.monotonic();
        const over = new AbortController();
        // Without it the token runs out, and the close that follows fetches another.
        request.judgement().then(
          ({ attend }) => attend({ ...request, refresh, sleep, wake, follow: createFollow(), signal: over.signal }),
          () => {},
        );
        request.onLive(live);
        await live.closed.finally(() => {
          over.abort();
          if (!successor) own.abort();
          live = null;
          request.onDown();
          if (clock.monotonic() - upSince >= HEALTHY_MS) follow = createFollow();
        });
      } catch (error) {
        if (signal.aborted) return;
        if (successor) continue;
        const next = await follow(error);
        if (signal.aborted) return;
        if (next.do === "stop") return emit({ type: "phase", phase: "failed", reason: next.reason });
        if (next.do === "new-session") emit({ type: "began-anew", sentAt: request.serverNow() });
        if (next.do !== "retry") reason = next.do;
        emit({ type: "phase", phase: "waiting", reason: next.reason });
        await sleep(next.waitMs, signal, next.firm);
        if (signal.aborted) return;
      }
    }
  }

  /** With credentials that are fresh. The close of the old connection makes the loop come round to the new one. */
  async function refresh(): Promise<void> {
    const { signal } = up;
    const authorize = (attempt: AbortSignal) => request.authorize("start", attempt);
    const next = await connect({ ...request, authorize, signal, stageMs: REFRESH_STAGE_MS });
    if (signal.aborted) return;
    successor = next;
    live?.close("refreshed");
  }

  /** However often a network comes and goes, it is tried once a second at most. */
  function wake() {
    woken = true;
    live?.check();
    cancelWake();
    cancelWake = clock.after(Math.max(0, earliest - clock.monotonic()), () => {
      for (const go of [...sleepers]) go();
    });
  }

  /** Resolves after `ms` or sooner: at a wake unless it is `firm`, when `signal` aborts, or where no timer is that long. */
  function sleep(ms: number, signal: AbortSignal, firm?: boolean): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        cancel();
        sleepers.delete(go);
        signal.removeEventListener("abort", go);
        resolve();
      };
      const cancel = clock.after(Math.min(ms, LONGEST_TIMER_MS), go);
      if (!firm) sleepers.add(go);
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
    async refresh() {
      await request.authorize("refresh", (running ?? new AbortController()).signal);
      if (live) refresh().catch(() => {});
    },
    wake,
    stop() {
      live?.close("Widget disconnect");
      up.abort();
      successor = null;
      cancelWake();
      running?.abort();
      running = null;
    },
  };
}
