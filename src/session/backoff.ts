/** How long to wait before the next attempt: full jitter, or spread over what the server asked for. */
import { clampPause } from "./retry-after.ts";

const BASE_MS = 500;
const CAP_MS = 30_000;
/** Where nobody looks. */
const HIDDEN_CAP_MS = 120_000;
/** Where a server sheds load and does not say for how long. */
const LOAD_MS = 10_000;

/**
 * ms to wait before attempt number `attempt` (0 is the first retry).
 * Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const backoff = (attempt: number, random: number, isHidden = false): number =>
  random * Math.min(isHidden ? HIDDEN_CAP_MS : CAP_MS, BASE_MS * 2 ** Math.min(attempt, 10));

/** ms to wait when the server asked for `retryAfter` ms: uniform over once to twice of it, so that a herd spreads. */
export const spread = (retryAfter: number | undefined, random: number): number =>
  (1 + random) * clampPause(retryAfter ?? LOAD_MS);
