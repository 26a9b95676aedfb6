/** The activity log: what has happened to a session and for how long, without a word of what was said in it. */
import type { ActivityDetails, Metrics } from "../../chat/activity.ts";
import type { SessionEvent } from "../../chat/event.ts";
import { isFromOthers } from "../../chat/message.ts";
import type { Clock } from "../platform.ts";
import type { Report } from "../protocol.ts";
import type { Store } from "../store.ts";
import { KEPT_ENTRIES, loadActivity, saveTally, type Tally } from "./saved-activity.ts";
import { createStopwatch } from "./stopwatch.ts";

export interface ActivityLog {
  /** Entries that follow from what happens; a repeat is not to be told. */
  observe(event: SessionEvent): void;
  /** What the session knows beside its events. `session_started` begins the durations, `session_terminated` ends them and the log. */
  note(event: string, details?: ActivityDetails): void;
  /** A guest sees the chat in some tab, or nobody does. */
  visible(on: boolean): void;
  metrics(): Metrics;
  /** Sends what was not sent, oldest first, one report at a time. Never rejects: what is refused goes with the next flush. */
  flush(): Promise<void>;
  /** Leaves: what is kept stays as it is. What was not sent may still be flushed, and metrics be asked for. */
  stop(): void;
}

export interface ActivityLogRequest {
  clock: Clock;
  store: Store;
  /** Resolves when the entries need not be sent again. */
  report(report: Report): Promise<void>;
}

/** How often the clock is looked at, and what is new is sent. */
const BEAT_MS = 30_000;
const REPORT_ENTRIES = 50;
const NO_TALLY: Tally = { reported: 0, duration_ms: 0, connected_ms: 0, visible_ms: 0 };

/** Goes on with what an earlier hub has kept. */
export function createActivityLog({ clock, store, report }: ActivityLogRequest): ActivityLog {
  const { entries, ...saved } = loadActivity(store);
  let tally: Tally = { ...NO_TALLY, ...saved.tally };
  /** Frames and messages that were not as they should be. */
  let odd = 0;
  let stopped = false;
  let connected = false;
  let visible = false;
  /** There is a session: its time counts. */
  let counting = false;
  let cancelBeat: (() => void) | undefined;
  let flushing: Promise<void> | undefined;
  /** By the clock that never goes back. Nobody took a report: until then only a beat sends the next. */
  let outageUntil = 0;
  const elapsed = createStopwatch(clock);

  const newest = () => entries.at(-1)?.seq ?? 0;

  function look() {
    const ms = elapsed();
    if (!counting) return;
    tally.duration_ms += ms;
    if (connected) tally.connected_ms += ms;
    if (visible) tally.visible_ms += ms;
  }

  function save() {
    look();
    if (entries[0] && !stopped) void saveTally(store, tally);
  }

  function add(event: string, details: ActivityDetails = {}) {
    const seq = Math.max(newest(), tally.reported) + 1;
    const entry = { seq, timestamp: new Date(clock.now()).toISOString(), event, details };
    entries.push(entry);
    if (!stopped) void store.put("activity", `${seq}`, entry);
    if (entries.length > KEPT_ENTRIES) void store.delete("activity", `${entries.shift()?.seq}`);
    save();
  }

  const addSoFar = (event: string) => add(event, { duration_ms: tally.duration_ms });

  function connect(on: boolean) {
    const was = connected;
    connected = on;
    if (on && !was) add("ws_connected");
    if (was && !on) addSoFar("ws_disconnected");
  }

  function beat() {
    cancelBeat = clock.after(BEAT_MS, () => {
      save();
      void flush();
      cancelBeat = undefined;
      if (counting || newest() > tally.reported) beat();
    });
  }

  async function send() {
    while (newest() > tally.reported) {
      look();
      const batch = entries.filter(({ seq }) => seq > tally.reported).slice(0, REPORT_ENTRIES);
      await report({ durationMs: tally.duration_ms, entries: batch });
      // Numbers have a gap only where the oldest made room before they were sent.
      const count = (batch[0]?.seq ?? 0) - tally.reported - 1;
      tally.reported = batch.at(-1)?.seq ?? 0;
      if (count) add("entries_dropped", { count });
      save();
    }
  }

  /** Begins at once: who flushes may be about to throw away what a report is sent with. */
  function flush() {
    flushing ??= send()
      .catch(() => {
        outageUntil = clock.monotonic() + BEAT_MS;
      })
      .finally(() => {
        flushing = undefined;
      });
    return flushing;
  }

  function stop() {
    save();
    stopped = true;
    cancelBeat?.();
  }

  return {
    observe(event) {
      look();
      switch (event.type) {
        case "live":
          return connect(true);
        case "phase": {
          const { phase, reason } = event;
          connect(false);
          if (phase === "connecting") add("ws_connecting");
          // None where nothing has failed: fresh credentials are being taken to a new connection.
          if (reason) add(phase === "waiting" ? "ws_waiting" : "session_failed", { code: reason.code });
          return;
        }
        case "readonly":
          addSoFar("conversation_ended");
          connect(false);
          counting = false;
          return;
        case "began-anew":
          // With what it was opened with, which is about to be thrown away.
          return void flush();
        case "odd":
          // A flood of them is told in a few entries.
          odd += 1;
          return (odd & (odd - 1)) === 0 ? add("frame_odd", { reason: event.reason, count: odd }) : undefined;
        case "presence":
          return add("ws_message_received", { type: "presence" });
        case "delivered":
          tally.asked ??= tally.duration_ms;
          return add("ws_message_sent");
        case "received": {
          add("ws_message_received", { type: "message" });
          const { asked, first_answer_ms, duration_ms } = tally;
          if (asked === undefined || first_answer_ms !== undefined || !isFromOthers(event.message)) return;
          tally.first_answer_ms = duration_ms - asked;
          add("first_answer_received", { duration_ms: tally.first_answer_ms });
        }
      }
    },
    note(event, details) {
      look();
      if (event === "session_terminated") {
        connect(false);
        counting = false;
        addSoFar(event);
        return stop();
      }
      counting = true;
      if (event === "session_started") {
        tally = { ...NO_TALLY, reported: tally.reported };
        addSoFar(event);
      } else add(event, details);
      if (!cancelBeat) beat();
      // What an earlier hub could not send any more.
      if (event === "session_resumed") void flush();
    },
    visible(on) {
      look();
      visible = on;
      save();
      // A tab that hides may be the last, and going.
      if (!on && clock.monotonic() >= outageUntil) void flush();
    },
    metrics() {
      look();
      const { reported, asked, ...durations } = tally;
      return { ...durations, logs: [...entries], dropped: (entries[0]?.seq ?? 1) - 1 };
    },
    flush,
    stop,
  };
}
