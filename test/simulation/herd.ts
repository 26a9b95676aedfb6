/** The herd: thousands of real sessions that lose their connections at one instant, and a server that admits so many a minute. */
import { createGuestApi } from "../../src/protocols/guest-api/guest-api.ts";
import "../../src/protocols/guest-api/errands.ts";
import * as activityLog from "../../src/session/activity/activity-log.ts";
import type { Platform, PlatformSocket } from "../../src/session/platform.ts";
import { createSession } from "../../src/session/session.ts";
import { memoryStore } from "../../src/session/store.ts";
import { fakeToken, LIMITS } from "../support/guest-api-script.ts";
import { judgement } from "../support/judgement.ts";
import { createRandom, createTime } from "./time.ts";

export interface HerdRequest {
  clients: number;
  admittedPerMinute: number;
  /** What the others are told, in seconds. */
  retryAfter: number;
  seed: number;
}

export interface Herd {
  /** Sockets that were opened in each second after the drop. */
  attempts: number[];
  /** How many were live again in each minute after the drop. */
  back: number[];
}

const SECOND = 1000;
const MINUTE = 60_000;
const LATE_MS = 20;
const HEALTHY_MS = 15_000;
const LONGEST_MS = 60 * MINUTE;

type Frame = { type: string; payload?: object };

/** Ends when all are back, or after an hour. */
export async function playHerd({ clients, admittedPerMinute, retryAfter, seed }: HerdRequest): Promise<Herd> {
  const { clock, pass } = createTime();
  const random = createRandom(seed);
  const attempts: number[] = [];
  const back: number[] = [];
  const drops = new Set<() => void>();
  let droppedAt: number | null = null;
  const admitted: number[] = [];
  let ids = 0;

  const count = (list: number[], unit: number) => {
    if (droppedAt === null) return;
    const at = Math.floor((clock.monotonic() - droppedAt) / unit);
    list[at] = (list[at] ?? 0) + 1;
  };

  function isAdmitted(): boolean {
    if (droppedAt === null) return true;
    const minute = Math.floor((clock.monotonic() - droppedAt) / MINUTE);
    admitted[minute] = (admitted[minute] ?? 0) + 1;
    return (admitted[minute] as number) <= admittedPerMinute;
  }

  function openSocket(): PlatformSocket {
    const listeners = new Map<string, (event: never) => void>();
    const tell = (type: string, event: object) => {
      if (socket.readyState !== 3) listeners.get(type)?.(event as never);
    };
    const later = (act: () => void) => clock.after(LATE_MS, act);
    const post = (frame: Frame) => tell("message", { data: JSON.stringify(frame) });
    const close = (code: number) => {
      drops.delete(drop);
      tell("close", { code, reason: "" });
      socket.readyState = 3;
    };
    const drop = () => close(1006);
    function answer({ type, payload }: Frame) {
      if (type === "resume") return post({ type: "resumed", payload: { after: null, count: 0 } });
      if (type === "ping") return post({ type: "pong", payload });
      if (type !== "handshake") return;
      if (!isAdmitted()) {
        post({ type: "error", payload: { code: "unavailable", message: "full", retryAfter } });
        return close(1013);
      }
      const now = clock.now();
      const about = { guestId: "guest-1", sessionId: "session-1", expiresAt: now + MINUTE, now, limits: LIMITS };
      post({ type: "handshake_ack", payload: about });
    }
    const socket = {
      readyState: 0,
      send: (text: string) => later(() => answer(JSON.parse(text))),
      close,
      addEventListener: (type: string, listener: (event: never) => void) => listeners.set(type, listener),
    };
    count(attempts, SECOND);
    drops.add(drop);
    later(() => {
      if (socket.readyState !== 0) return;
      socket.readyState = 1;
      tell("open", {});
    });
    return socket;
  }

  const platform: Platform = {
    clock,
    random,
    randomId() {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, "0")}`;
    },
    locale: "en-GB",
    onWake: () => () => {},
    fetch: async () => new Response("{}", { status: 503 }),
    openSocket,
  };
  const credentials = {
    url: "ws://genesys.test/socket",
    issuedAt: clock.now(),
    expiresAt: clock.now() + 24 * 60 * MINUTE,
    secrets: { guestToken: fakeToken(clock.now(), 86_400), ticket: "ticket" },
  };

  let away = 0;
  for (let client = 0; client < clients; client++) {
    const store = memoryStore();
    await store.put("keep", "standing", { epoch: "e", readonly: false, skew: 0, credentials });
    const protocol = createGuestApi({ broker: "https://broker.test" });
    const session = await createSession({ protocol, platform, store, activityLog, judgement, attributes: {} });
    away += 1;
    session.subscribe(({ state }) => {
      if (state?.phase !== "live") return;
      away -= 1;
      if (droppedAt === null) return;
      count(back, MINUTE);
      session.stop();
    });
  }
  await pass(HEALTHY_MS);
  if (away > 0) throw new Error(`${away} clients were never live`);
  droppedAt = clock.monotonic();
  away = clients;
  for (const drop of [...drops]) drop();
  while (away > 0 && clock.monotonic() - droppedAt < LONGEST_MS) await pass(SECOND);
  return { attempts: Array.from(attempts, (value) => value ?? 0), back: Array.from(back, (value) => value ?? 0) };
}

/** A line a minute: attempts, the most in one second, and who is back. */
export function drawHerd({ attempts, back }: Herd): string {
  const sum = (list: readonly number[]) => list.reduce((one, other) => one + other, 0);
  const minutes = Array.from({ length: Math.ceil(attempts.length / 60) }, (_, at) =>
    attempts.slice(at * 60, at * 60 + 60),
  );
  const scale = Math.max(...minutes.map(sum)) / 50;
  return minutes
    .map((seconds, at) => {
      const all = String(sum(seconds)).padStart(6);
      const most = String(Math.max(...seconds)).padStart(6);
      return `${String(at + 1).padStart(3)} min ${all} attempts, at most ${most} in a second, ${String(back[at] ?? 0).padStart(5)} back ${"#".repeat(Math.round(sum(seconds) / scale))}`;
    })
    .join("\n");
}
