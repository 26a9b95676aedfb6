/** What a session needs once all is well, and fetches then: judgement of failures, rates, typing, fresh credentials. */
import type { RetryDecision } from "../chat/event.ts";
import { createOutage, type Step } from "./outage.ts";
import { judge } from "./retry-policy.ts";

export { keepFresh } from "./keep-fresh.ts";
export { createRate } from "./rate-limit.ts";
export { createTyping } from "./typing.ts";

/** Says what comes after each failure of one outage; `closeCodes` are the dialect's own. */
export function createJudgement(
  random: () => number,
  closeCodes: Readonly<Record<number, RetryDecision>>,
): (error: unknown) => Step {
  const outage = createOutage(random);
  return (error) => outage.follow(judge(error, closeCodes));
}
