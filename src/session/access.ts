/** Access: the credentials of a session, as they are had and renewed. */
import type { ActivityDetails } from "../chat/activity.ts";
import type { Platform } from "./platform.ts";
import type { AuthorizeReason, Credentials, Protocol } from "./protocol.ts";
import type { Standing } from "./saved.ts";

/** Whoever waits behind it has his turn then. */
const ANSWER_MS = 10_000;

export interface AccessRequest {
  protocol: Protocol;
  platform: Platform;
  /** Of now: another one after `terminate`. */
  standing(): Readonly<Standing>;
  keep(part: Partial<Standing>): Promise<unknown>;
  /** The page's own. */
  attributes(): Readonly<Record<string, unknown>>;
  note(event: string, details?: ActivityDetails): void;
}

export interface Access {
  /** Keeps what it gets before it resolves. Gives up after 10 s. */
  authorize(reason: AuthorizeReason, signal: AbortSignal): Promise<Credentials>;
  /** One at a time: an answer takes the place of the credentials that it was asked for with. */
  inTurn<T>(act: () => Promise<T>): Promise<T>;
}

export function createAccess({ protocol, platform, standing, keep, attributes, note }: AccessRequest): Access {
  const { clock } = platform;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act);
    last = turn.catch(() => {});
    return turn;
  }

  return {
    authorize: (reason, signal) =>
      inTurn(async () => {
        signal.throwIfAborted();
        const attempt = new AbortController();
        const giveUp = () => attempt.abort();
        const cancel = clock.after(ANSWER_MS, giveUp);
        signal.addEventListener("abort", giveUp);
        const { credentials: held = null, skew } = standing();
        const asked = { saved: held, reason, attributes: attributes(), skew };
        const credentials = await protocol.authorize(asked, platform, attempt.signal).finally(() => {
          cancel();
          signal.removeEventListener("abort", giveUp);
        });
        attempt.signal.throwIfAborted();
        if (credentials === held) return held;
        await keep({
          credentials,
          skew: credentials.issuedAt === undefined ? skew : credentials.issuedAt - clock.now(),
        });
        note(held && reason !== "new-session" ? "token_refreshed" : "session_started");
        return credentials;
      }),

    inTurn,
  };
}
