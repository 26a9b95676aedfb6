/** What a session needs once all is well, and fetches then: judgement of failures, rates, typing, care of a live connection. */
import { type KeepFreshRequest, keepFresh } from "./keep-fresh.ts";
import { createOutage, type Step } from "./outage.ts";
import type { Platform } from "./platform.ts";
import type { Protocol } from "./protocol.ts";
import { judge } from "./retry-policy.ts";
import { type WatchClockRequest, watchClock } from "./watch-clock.ts";

export { createRate } from "./rate-limit.ts";
export { createTyping } from "./typing.ts";

export interface JudgementRequest {
  platform: Pick<Platform, "clock" | "random">;
  protocol: Pick<Protocol, "closeCodes">;
  /** No tab shows the chat any more. */
  isHidden(): boolean;
}

/** Says what comes after each failure of one outage. */
export function createJudgement({ platform, protocol, isHidden }: JudgementRequest): (error: unknown) => Step {
  const outage = createOutage(platform.random, isHidden);
  return (error) => outage.follow(judge(error, protocol.closeCodes, platform.clock.now()));
}

/** Of a connection, as long as it lives. */
export function attend(request: KeepFreshRequest & WatchClockRequest): Promise<void> {
  watchClock(request);
  return keepFresh(request);
}
