/** Judgement: what to try after a failure, and how much the other end takes. A chunk of its own: it is fetched once all is well. */
import type { RetryDecision } from "../chat/event.ts";
import { createOutage, type Step } from "./outage.ts";
import { judge } from "./retry-policy.ts";

export { createRate } from "./rate-limit.ts";

/** Says what comes after each failure of one outage; `closeCodes` are the dialect's own. */
export function createJudgement(
  random: () => number,
  closeCodes: Readonly<Record<number, RetryDecision>>,
): (error: unknown) => Step {
  const outage = createOutage(random);
  return (error) => outage.follow(judge(error, closeCodes));
}
