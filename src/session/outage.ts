/** An outage: from the first failure to 10 s of healthy uptime. Counts what was tried and says what to try next. */
import type { ChatErrorData } from "../chat/error.ts";
import type { RetryDecision } from "../chat/event.ts";
import { backoff, spread } from "./backoff.ts";
import type { Verdict } from "./retry-policy.ts";

export interface Step {
  do: RetryDecision["do"];
  reason: ChatErrorData;
  /** Before it is done. */
  waitMs: number;
  /** The server wants it: no wake shortens it. */
  firm?: boolean;
}

export interface Outage {
  follow(verdict: Verdict): Step;
}

/** So many sockets that never opened raise the question whether the credentials or the network are at fault. */
const UNOPENED_IN_DOUBT = 2;

export function createOutage(random: () => number, isHidden: () => boolean = () => false): Outage {
  let attempts = 0;
  let unopened = 0;
  /** HTTP was asked whether the credentials are good: once an outage. */
  let asked = false;
  const causes = new Map<string, number>();

  return {
    follow({ decision, reason, cause, load, retryAfter, unopened: neverOpened }) {
      const count = (causes.get(cause) ?? 0) + 1;
      causes.set(cause, count);
      const waitMs = load ? spread(retryAfter, random()) : backoff(attempts, random(), isHidden());
      attempts += 1;
      unopened = neverOpened ? unopened + 1 : 0;

      let next = decision.do;
      let { code } = reason;
      if (decision.times !== undefined && count > decision.times) next = "stop";
      else if (unopened > UNOPENED_IN_DOUBT) code = "CHAT_SOCKET_BLOCKED";
      else if (unopened === UNOPENED_IN_DOUBT && !asked) {
        asked = true;
        next = "refresh";
      }
      if (next === "stop" && code === "CHAT_CONNECTION_LOST") code = "CHAT_CONNECTION_REFUSED";
      return { do: next, reason: { ...reason, code }, waitMs, firm: load };
    },
  };
}
