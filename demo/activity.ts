/** What the demo's broker has logged of its guests' activity, the newest kept in memory: the desk shows it beside the talk. */
import type { Log, LogFields } from "../src/broker/log.ts";

export interface Activity {
  /** To be given to the broker. */
  log: Log;
  /** The lines of one session, by the id that its conversation began with; oldest first. */
  of(session: string): LogFields[];
}

const LINES_MAX = 200;
const SESSIONS_MAX = 200;

export function keepActivity(): Activity {
  const sessions = new Map<string, LogFields[]>();
  return {
    log(_level, event, fields) {
      if (event !== "activity") return;
      const { session, ...line } = fields;
      const id = String(session);
      const lines = [...(sessions.get(id) ?? []), line].slice(-LINES_MAX);
      // Who was told of last stands last: the oldest make room.
      sessions.delete(id);
      sessions.set(id, lines);
      const [oldest = ""] = sessions.keys();
      if (sessions.size > SESSIONS_MAX) sessions.delete(oldest);
    },
    of: (session) => sessions.get(session) ?? [],
  };
}
