/** What happened to a guest's session, as the browser saw it, into the broker's log: `POST /v1/activity` (profile, section 4). */
import type { ActivityEntry, ActivityRequest } from "../../wire/activity.ts";
import type { Log, LogFields } from "../log.ts";
import type { Settled } from "../options.ts";
import { createRate } from "../rate.ts";
import type { Caller } from "../sessions.ts";
import type { ReadTicket, Tickets } from "../ticket.ts";

/** Rejects with a `Refusal`. A revoked ticket will do: a session's last entries come after its end. */
export type TakeActivity = (caller: Caller, ticket: string, request: ActivityRequest) => Promise<void>;

export function createActivity(
  { clock, store, oidc }: Pick<Settled, "clock" | "store" | "oidc">,
  { tickets, log }: { tickets: Tickets; log: Log },
): TakeActivity {
  const takeTurn = createRate({ burst: 10, perMinute: 20 }, clock);
  /** What is under way, by session: two calls with the same entries must not both find them new. */
  const underWay = new Map<string, Promise<void>>();

  const write = async (ticket: ReadTicket, { durationMs, entries }: ActivityRequest): Promise<void> => {
    const { first: session, expiresAt, profile } = ticket;
    const key = `activity:${session}`;
    // Numbers rise, and what was not acknowledged is sent again from its beginning: the highest says it all.
    let last = Number((await store.get(key)) ?? 0);
    const fresh: ActivityEntry[] = [];
    for (const entry of [...entries].sort((a, b) => a.seq - b.seq)) {
      if (entry.seq <= last) continue;
      fresh.push(entry);
      last = entry.seq;
    }
    if (fresh.length === 0) return;
    await store.set(key, String(last), expiresAt - clock.now());

    for (const { seq, timestamp, event, details } of fresh) {
      const { provider_id, ...rest } = details;
      const fields: LogFields = { session, seq, activity: event, timestamp, durationMs, ...rest };
      // The one detail with room for more than a word: only what the broker knows itself.
      const isKnown = provider_id === oidc?.issuer || provider_id === profile?.providerId;
      if (provider_id !== undefined && isKnown) fields.provider_id = provider_id;
      log("info", "activity", fields);
    }
  };

  return async (caller, token, request) => {
    const ticket = await tickets.read(token, caller.origin);
    const { first } = ticket;
    takeTurn(first);
    const turn = (underWay.get(first) ?? Promise.resolve()).catch(() => {}).then(() => write(ticket, request));
    underWay.set(first, turn);
    try {
      await turn;
    } finally {
      if (underWay.get(first) === turn) underWay.delete(first);
    }
  };
}
