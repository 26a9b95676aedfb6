/** An activity log on a fake platform: what it reports is held for the test, and a restart goes on with what was kept. */
import type { ChatErrorCode } from "../../../src/chat/error.ts";
import type { SessionEvent } from "../../../src/chat/event.ts";
import type { From } from "../../../src/chat/message.ts";
import { type ActivityLog, createActivityLog } from "../../../src/session/activity/activity-log.ts";
import type { Clock } from "../../../src/session/platform.ts";
import type { Report, ReportEntry } from "../../../src/session/protocol.ts";
import { memoryStore, type Store } from "../../../src/session/store.ts";
import { createFakePlatform, type FakePlatform } from "../../support/fake-platform.ts";

export interface Bench {
  platform: FakePlatform;
  store: Store;
  log: ActivityLog;
  /** All that were taken, over all restarts. */
  reports: Report[];
  /** Plays who reads the reports; rejects to refuse one. */
  take: (report: Report) => Promise<void>;
  /** Entries that were reported, in the order they came. */
  reported(): ReportEntry[];
  /** Names of the entries, in order. */
  names(): string[];
  /** The hub goes, by a crash or decently, and another comes. */
  restart(how?: "crash"): Promise<Bench>;
}

interface Given {
  platform?: FakePlatform;
  clock?: Clock;
  store?: Store;
  reports?: Report[];
}

export async function startLog(given: Given = {}): Promise<Bench> {
  const { platform = createFakePlatform(), store = memoryStore(), reports = [] } = given;
  const clock = given.clock ?? platform.clock;
  const bench: Bench = {
    platform,
    store,
    reports,
    take: async () => {},
    log: createActivityLog({
      clock,
      store,
      async report(report) {
        await bench.take(report);
        reports.push(structuredClone(report));
      },
    }),
    reported: () => reports.flatMap(({ entries }) => entries),
    names: () => bench.log.metrics().logs.map(({ event }) => event),
    restart(how) {
      if (how === "crash") bench.take = () => new Promise(() => {});
      else bench.log.stop();
      return startLog({ ...given, platform, store, reports });
    },
  };
  return bench;
}

/** What a session is told. */
export const happens = {
  connecting: { type: "phase", phase: "connecting" },
  live: { type: "live", features: [] },
  lost: (code: ChatErrorCode = "CHAT_CONNECTION_LOST"): SessionEvent => ({
    type: "phase",
    phase: "waiting",
    reason: { code, detail: "close 1006 secret" },
  }),
  swapped: { type: "phase", phase: "waiting" },
  failed: { type: "phase", phase: "failed", reason: { code: "CHAT_REFUSED", detail: "secret" } },
  sent: (): SessionEvent => ({ type: "delivered", id: "m1", serverId: "s1", sentAt: 1, text: "hello" }),
  received: (from: From = "agent"): SessionEvent => ({
    type: "received",
    message: { serverId: "s2", from, text: "hello", name: "Ada Lovelace", sentAt: 1 },
  }),
  joined: { type: "presence", happened: "joined", name: "Ada Lovelace", sentAt: 1 },
  ended: { type: "readonly", sentAt: 1 },
} satisfies Record<string, SessionEvent | ((asked: never) => SessionEvent)>;

/** A session that has just become live. */
export async function startLive(given: Given = {}): Promise<Bench> {
  const bench = await startLog(given);
  bench.log.observe(happens.connecting);
  bench.log.note("session_started", { duration_ms: 0 });
  bench.log.observe(happens.live);
  return bench;
}
