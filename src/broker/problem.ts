/** Errors on their way to a page: RFC 9457 problems with a stable code, and nothing in them that a page must not know. */
import type { Problem, ProblemCode } from "../wire/broker-api.ts";

const KINDS: Record<ProblemCode, [status: number, title: string]> = {
  invalid_request: [400, "The request is not what this call takes."],
  body_too_large: [413, "The body is too large."],
  attributes_too_large: [400, "The attributes are too large."],
  reserved_attribute: [400, "An attribute's name is reserved."],
  unknown_route: [400, "There is no such route."],
  origin_not_allowed: [403, "This origin may not use this broker."],
  ticket_missing: [401, "A ticket is needed."],
  ticket_invalid: [401, "The ticket is not valid."],
  ticket_revoked: [401, "The ticket is no longer valid."],
  id_token_invalid: [400, "The ID token is not accepted."],
  id_token_used: [409, "The ID token was used for another guest."],
  guest_gone: [410, "The guest is gone."],
  not_configured: [404, "This broker is not set up for that."],
  rate_limited: [429, "Too many requests."],
  not_found: [404, "There is nothing here."],
  method_not_allowed: [405, "This method is not allowed here."],
  upstream_unauthorized: [502, "The chat service did not accept the broker."],
  upstream_rate_limited: [429, "The chat service is busy."],
  upstream_refused: [502, "The chat service refused the request."],
  upstream_invalid: [502, "The chat service gave an answer that cannot be used."],
  upstream_unavailable: [502, "The chat service cannot be reached."],
  provider_unavailable: [502, "The identity provider cannot be reached."],
  not_ready: [503, "The broker is not ready."],
  internal: [500, "Something went wrong in the broker."],
};

/** A call that ends in a problem. Its text goes to the page: never put a secret or what upstream said into it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string | undefined;
  /** Milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ProblemCode, detail?: string, retryAfterMs?: number) {
    super(detail ?? KINDS[code][1]);
    this.code = code;
    this.status = KINDS[code][0];
    this.detail = detail;
    this.retryAfterMs = retryAfterMs;
  }

  /** The answer; `now` in ms since the epoch. Retry-After is rounded up to whole seconds. */
  toResponse(now: number): Response {
    const headers = new Headers({ "Content-Type": "application/problem+json" });
    const problem: Problem = {
      type: `urn:genesys-guest-chat:problem:${this.code}`,
      title: KINDS[this.code][1],
      status: this.status,
      code: this.code,
      now,
    };
    if (this.detail !== undefined) problem.detail = this.detail;
    if (this.retryAfterMs !== undefined) {
      problem.retryAfter = Math.ceil(this.retryAfterMs / 1000);
      headers.set("Retry-After", String(problem.retryAfter));
    }
    if (this.status === 401) headers.set("WWW-Authenticate", "Bearer");
    return new Response(JSON.stringify(problem), { status: this.status, headers });
  }
}
