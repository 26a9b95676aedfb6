/** What is asked of the broker beside the conversation: profile, activity, the session's end. A chunk of its own. */
import type { ChatErrorCode } from "../../chat/error.ts";
import type { RetryDecision } from "../../chat/event.ts";
import { Failure } from "../../chat/failure.ts";
import type { Identity } from "../../chat/profile.ts";
import { ConnectionFailure, type Credentials, type Errands, type ReportEntry } from "../../session/protocol.ts";
import { isPlain } from "../../shape.ts";
import { isActivityDetail, isActivityEntry } from "../../wire/activity.ts";
import { findIdentityFault, findProfileFault, type ProfileAnswer } from "../../wire/profile.ts";
import type { ask, BrokerCall } from "./broker-client.ts";

const ERRAND_MS = 10_000;

/** `askBroker` is handed in: were it imported, the chunk that every guest fetches would have to export it. */
export function createErrands(call: Omit<BrokerCall, "signal">, askBroker: typeof ask): Errands {
  async function askAs(credentials: Credentials, method: string, path: string, body?: unknown) {
    const timeout = new AbortController();
    const cancel = call.platform.clock.after(ERRAND_MS, () => timeout.abort());
    const headers = { Authorization: `Bearer ${credentials.secrets.ticket}` };
    try {
      return await askBroker({ ...call, signal: timeout.signal }, method, path, body, headers);
    } finally {
      cancel();
    }
  }

  return {
    async identify(identity, held) {
      const credentials = toHeld(held);
      const answer = await askAs(credentials, "PUT", "profile", toRequest(identity));
      if (answer.failure) throw toRefusal(answer.failure, answer.json);
      const fault = findProfileFault(answer.json);
      if (fault) throw toInvalid(`no ${fault} in the answer`);
      const { providerId, email, syncedAt, ticket } = answer.json as ProfileAnswer;
      return {
        profile: { providerId, ...(email !== undefined && { email }), syncedAt },
        credentials: { ...credentials, secrets: { ...credentials.secrets, ticket } },
      };
    },

    async report({ durationMs, entries }, held) {
      const good = entries.map(toEntry).filter(isActivityEntry);
      if (good.length === 0) return;
      const { status, failure } = await askAs(toHeld(held), "POST", "activity", { durationMs, entries: good });
      if (status === 204 || isFinal(status)) return;
      throw failure ?? toInvalid(`answered with ${status}`);
    },

    async revoke(held) {
      const { status, failure } = await askAs(toHeld(held), "DELETE", "sessions");
      // A ticket that is no longer good is as gone as one that has just been revoked.
      if (status === 204 || status === 401 || status === 404) return;
      throw failure ?? toInvalid(`answered with ${status}`);
    },
  };
}

function toHeld(credentials?: Credentials): Credentials {
  if (!credentials) throw new Failure("CHAT_NO_SESSION");
  return credentials;
}

/** Refused now, and would be refused again. */
const isFinal = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** A captive portal's own page, say: the network is at fault, and may be better later. */
const toInvalid = (detail: string): ConnectionFailure => new ConnectionFailure("CHAT_BROKER_INVALID", detail, {});

const STOP: RetryDecision = { do: "stop" };
/** The ticket's guest is gone, or the ticket is no longer good: those that a refresh gives may do. */
const REFRESH: RetryDecision = { do: "refresh", times: 1 };

/** Only what the broker knows. A field that is wrong is named, and never what is in it. */
function toRequest(identity: Identity): Identity {
  const fault = findIdentityFault(identity);
  if (fault !== null) {
    const detail = `identity: ${fault || "an object"} is missing or malformed`;
    throw new ConnectionFailure("CHAT_CONFIGURATION", detail, { decision: STOP });
  }
  if ("idToken" in identity) return { idToken: identity.idToken, nonce: identity.nonce };
  return { providerId: identity.providerId, email: identity.email };
}

/** By the broker's code; what is not here is judged by its status. */
const REFUSALS: ReadonlyMap<unknown, [ChatErrorCode, RetryDecision]> = new Map([
  ["guest_gone", ["CHAT_REFUSED", REFRESH]],
  ["ticket_invalid", ["CHAT_REFUSED", REFRESH]],
  ["ticket_revoked", ["CHAT_REFUSED", REFRESH]],
  ["not_configured", ["CHAT_UNSUPPORTED", STOP]],
  ["id_token_invalid", ["CHAT_SIGN_IN_REFUSED", STOP]],
  ["id_token_used", ["CHAT_SIGN_IN_REFUSED", STOP]],
]);

function toRefusal(failure: ConnectionFailure, problem: unknown): ConnectionFailure {
  const refusal = REFUSALS.get(isPlain(problem) && problem.code);
  if (!refusal) return failure;
  const [code, decision] = refusal;
  return new ConnectionFailure(code, failure.detail, { ...failure.circumstances, decision });
}

/** One odd detail must not cost its entry, nor one odd entry the report. What is no entry at all stays none. */
function toEntry(entry: ReportEntry): unknown {
  if (!isPlain(entry) || !isPlain(entry.details)) return null;
  const { seq, timestamp, event, details } = entry;
  const fitting = Object.entries(details).filter(([name, value]) => isActivityDetail(name, value));
  return { seq, timestamp, event, details: Object.fromEntries(fitting) };
}
