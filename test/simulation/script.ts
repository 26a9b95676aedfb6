/** A script: what happens to a chat, step by step with times, as fast-check draws it from a seed, so that it can be made smaller. */
import fc from "fast-check";
import type { DeploymentOptions } from "../../src/sandbox/sandbox.ts";
import type { CallFault } from "./calls.ts";
import type { DialectName } from "./dialect.ts";
import type { DiskFault } from "./disk.ts";
import type { FrameFault } from "./link.ts";

type Question =
  | "metrics"
  | "load-earlier"
  | "seen"
  | "set-attributes"
  | "too-much"
  | "open"
  | "authorize"
  | "identify"
  | "start-new";

/** `tab` counts through those that are open. */
export type Act =
  | { do: "send"; tab: number; count: number }
  /** The same words as before. */
  | { do: "again"; tab: number }
  | { do: "send-too-long"; tab: number }
  | { do: "answer"; count: number }
  | { do: "type"; tab: number; on: boolean }
  | { do: "look"; tab: number; on: boolean }
  | { do: "ask"; tab: number; what: Question }
  | { do: "try-again" | "cancel" | "end" | "terminate" | "clear" | "take-over"; tab: number }
  | { do: "agent-leaves" }
  /** On another device of the guest's: he says something, opens as many connections as he may have, or clears. */
  | { do: "elsewhere"; what: "say" | "crowd" | "clear"; ms: number }
  /** After `after` ms in which it has sent a text. */
  | { do: "freeze"; tab: number; after: number; ms: number }
  /** The hub is killed `after` ms in which texts were sent, and the next begins after `ms`. */
  | { do: "die-sending"; tab: number; count: number; after: number; ms: number }
  | { do: "cut" | "silence"; lateMs: number }
  | { do: "down"; ms: number; lateMs: number }
  | { do: "flap"; times: number }
  | { do: "frame"; fault: FrameFault }
  | { do: "call"; fault: CallFault; times: number }
  | { do: "refuse"; upgrades: number }
  | { do: "close"; code: number }
  | { do: "jump"; ms: number }
  | { do: "sleep"; ms: number; counted: boolean; told: boolean; answers: number }
  | { do: "kill" | "leave" | "depose"; ms: number }
  | { do: "disk"; fault: DiskFault; ms: number }
  | { do: "refuse-writes"; writes: number }
  | { do: "clear-disk" }
  | { do: "open-tab" }
  | { do: "close-tab" | "reload" | "duplicate"; tab: number };

/** `at` in ms of the time in which the machine is awake. */
export type Step = Act & { at: number };

export interface Script {
  dialect: DialectName;
  /** Of all that is not in the steps: how late a frame is, how long a pause. */
  chance: number;
  tokenSeconds: number;
  messagesPerMinute: number;
  /** How far the guest's clock is from the servers' at the start, in ms. */
  wrongMs: number;
  /** Of web messaging: how the platform is, where it may be one way or another. */
  deployment?: Omit<DeploymentOptions, "id">;
  steps: Step[];
}

export const STORY_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const ms = (max: number) => fc.integer({ min: 0, max });
const tab = fc.nat(3);
const one = <const T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** `answers`: what comes down but for messages, and may be lost. */
const frame = (...answers: string[]): fc.Arbitrary<FrameFault> =>
  fc.oneof(
    // The platform gives no frame back that it has lost: of what comes down, only an echo may be missing.
    fc.record({ way: one("up", "down"), left: fc.integer({ min: 1, max: 8 }), fate: one("cut"), ms: ms(5_000) }),
    fc.record({ way: one("up"), left: fc.integer({ min: 1, max: 8 }), fate: one("lose"), ms: one(0) }),
    fc.record({
      way: one("down"),
      type: one(...answers),
      left: one(1),
      fate: one("lose"),
      ms: one(0),
    }),
    fc.record({
      way: one("down"),
      type: one("message"),
      from: one("guest"),
      left: one(1, 2),
      fate: one("lose"),
      ms: one(0),
    }),
    fc.record({
      way: one("down"),
      type: one("message"),
      from: one("guest"),
      left: one(1, 2),
      fate: one("late"),
      ms: ms(40_000),
    }),
    // Out of turn, as bots answer.
    fc.record({
      way: one("down"),
      type: one("message"),
      from: one("agent"),
      left: one(1, 2),
      fate: one("late"),
      ms: ms(3_000),
    }),
    fc.record({ way: one("down"), type: one("message"), left: one(1, 2), fate: one("repeat"), ms: one(0) }),
    fc.record({
      way: one("up"),
      type: one("handshake"),
      left: one(1, 2),
      fate: one("unavailable"),
      ms: fc.integer({ min: 1, max: 30 }).map((s) => s * 1000),
    }),
  );

/** However few are sent, a platform may find that they are too many. */
const tooMany: fc.Arbitrary<FrameFault> = fc.record({
  way: one("up"),
  type: one("message", "event"),
  left: one(1, 2),
  fate: one("too-many"),
  ms: fc.integer({ min: 1, max: 20 }).map((s) => s * 1000),
});

const call: fc.Arbitrary<CallFault> = fc.oneof(
  fc.record({
    fate: one("refuse"),
    status: one(408, 429, 500, 502, 503),
    retryAfter: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  }),
  fc.record({ fate: one("refuse"), status: one(400, 401, 403, 404) }),
  fc.record({ fate: one("lose-answer") }),
  fc.record({ fate: one("hang") }),
);

const calls: fc.Arbitrary<Act> = fc.record({
  do: one("call"),
  fault: call,
  times: fc.oneof(one(1), fc.integer({ min: 1, max: 8 })),
});

/** Those that name a reason, and any at all. */
const code = fc.oneof(
  one(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 4401, 4403, 4404, 4408, 4429),
  fc.integer({ min: 4000, max: 4999 }),
);

const jump = fc.oneof(
  fc.integer({ min: -HOUR_MS, max: HOUR_MS }),
  one(-365 * DAY_MS, 365 * DAY_MS, -15 * 60_000, 15 * 60_000),
);

type Weighted = [weight: number, act: fc.Arbitrary<Act>];

/** In both dialects. */
const common: Weighted[] = [
  [120, fc.record({ do: one("send"), tab, count: one(1) })],
  [4, fc.record({ do: one("send"), tab, count: fc.integer({ min: 5, max: 30 }) })],
  [6, fc.record({ do: one("again"), tab })],
  [48, fc.record({ do: one("answer"), count: fc.integer({ min: 1, max: 3 }) })],
  // More than a page of a history holds.
  [4, fc.record({ do: one("answer"), count: fc.integer({ min: 20, max: 40 }) })],
  [8, fc.record({ do: one("type"), tab, on: fc.boolean() })],
  [8, fc.record({ do: one("look"), tab, on: fc.boolean() })],
  [
    8,
    fc.record({
      do: one("ask"),
      tab,
      what: one("metrics", "load-earlier", "seen", "set-attributes", "too-much", "open", "authorize", "start-new"),
    }),
  ],
  [2, fc.record({ do: one("send-too-long"), tab })],
  [4, fc.record({ do: one("try-again", "try-again", "cancel"), tab })],
  [1, fc.record({ do: one("end", "terminate"), tab })],
  [1, fc.record({ do: one("agent-leaves") })],
  [10, fc.record({ do: one("freeze"), tab, after: fc.oneof(ms(5), ms(5), ms(100)), ms: ms(10_000) })],
  [8, fc.record({ do: one("die-sending"), tab, count: one(1, 2, 3), after: fc.oneof(ms(20), ms(200)), ms: ms(2_000) })],
  [20, fc.record({ do: one("cut"), lateMs: ms(5_000) })],
  [12, fc.record({ do: one("silence"), lateMs: ms(40_000) })],
  [16, fc.record({ do: one("down"), ms: ms(15_000), lateMs: ms(5_000) })],
  [4, fc.record({ do: one("flap"), times: fc.integer({ min: 2, max: 20 }) })],
  [12, calls],
  [8, fc.record({ do: one("refuse"), upgrades: fc.integer({ min: 1, max: 4 }) })],
  [12, fc.record({ do: one("close"), code })],
  [4, fc.record({ do: one("jump"), ms: jump })],
  [
    4,
    fc.record({
      do: one("sleep"),
      ms: fc.oneof(ms(60_000), ms(8 * HOUR_MS)),
      counted: fc.boolean(),
      told: fc.boolean(),
      answers: fc.nat(2),
    }),
  ],
  [20, fc.record({ do: one("kill", "kill", "leave", "depose"), ms: ms(2_000) })],
  [8, fc.record({ do: one("disk"), fault: one("slow", "slow", "refuses", "hangs"), ms: ms(10_000) })],
  [8, fc.record({ do: one("refuse-writes"), writes: fc.integer({ min: 1, max: 3 }) })],
  [4, fc.record({ do: one("clear-disk") })],
  [12, fc.record({ do: one("open-tab") })],
  [24, fc.record({ do: one("close-tab", "reload", "reload", "duplicate"), tab })],
];

/** In one of them. */
const own: Record<DialectName, Weighted[]> = {
  "guest-api": [
    [8, fc.record({ do: one("ask"), tab, what: one("identify") })],
    [32, fc.record({ do: one("frame"), fault: frame("handshake_ack", "resumed", "pong") })],
  ],
  "web-messaging": [
    [32, fc.record({ do: one("frame"), fault: frame("resumed", "pong", "jwt") })],
    [6, fc.record({ do: one("frame"), fault: tooMany })],
    // Fifty in a minute.
    [4, fc.record({ do: one("send"), tab, count: fc.integer({ min: 20, max: 50 }) })],
    [8, fc.record({ do: one("ask"), tab, what: one("load-earlier") })],
    [12, calls],
    [2, fc.record({ do: one("clear"), tab })],
    [2, fc.record({ do: one("agent-leaves") })],
    [4, fc.record({ do: one("take-over"), tab })],
    [16, fc.record({ do: one("type"), tab, on: one(true) })],
    [
      12,
      fc.record({ do: one("elsewhere"), what: one("say", "say", "say", "crowd", "crowd", "clear"), ms: ms(20_000) }),
    ],
  ],
};

/** Much goes wrong at the beginning, when little is kept yet. */
const moment = fc.oneof({ weight: 15, arbitrary: ms(STORY_MS) }, { weight: 1, arbitrary: ms(500) });

const toStep = (dialect: DialectName): fc.Arbitrary<Step> =>
  fc
    .tuple(moment, fc.oneof(...[...common, ...own[dialect]].map(([weight, arbitrary]) => ({ weight, arbitrary }))))
    .map(([at, act]) => ({ at, ...act }));

/** Where nobody outside knows how the platform is, it is both. */
const deployment = fc.record({
  limits: fc.record({ messagesPerSecond: one(2, 5), sessionSeconds: one(259_200, 259_200, 259_200, 90) }),
  switches: fc.record({
    order: one("kept", "kept", "mixed"),
    tracingIdInHistory: fc.boolean(),
    dedupByTracingId: one(false, false, true),
    expirationUnit: one("s", "ms"),
    closesAfterEvent: fc.boolean(),
  }),
  disconnect: fc.record({ type: one("ReadOnly", "ReadOnly", "Send") }),
  autoStart: fc.boolean(),
});

export const scriptsOf = (dialect: DialectName): fc.Arbitrary<Script> =>
  fc.noBias(
    fc.record({
      dialect: one(dialect),
      chance: fc.noShrink(fc.nat()),
      tokenSeconds: fc.integer({ min: 20, max: 320 }),
      messagesPerMinute: one(10_000, 10_000, 12),
      wrongMs: fc.oneof(one(0), fc.integer({ min: -15 * 60_000, max: 15 * 60_000 })),
      ...(dialect === "web-messaging" && { deployment }),
      steps: fc
        .array(toStep(dialect), { maxLength: 40, size: "max" })
        .map((steps) => steps.toSorted((a, b) => a.at - b.at)),
    }),
  );

/** One line a step, as a report prints it. */
export function describeScript({ steps, ...rest }: Script): string {
  const lines = steps.map(({ at, do: name, ...more }) => {
    return `${(at / 1000).toFixed(3).padStart(9)} s  ${name} ${JSON.stringify(more)}`;
  });
  return [JSON.stringify(rest), ...lines].join("\n");
}
