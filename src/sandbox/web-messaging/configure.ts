/** How a connection gets its session and gives it back (sections 2.1, 2.2, 2.8 and 4.9 of the protocol): each gives its answer. */
import type {
  CloseSession,
  ConfigureAuthenticatedSession,
  ConfigureSession,
} from "../../wire/web-messaging/requests.ts";
import { toMediaLimits } from "./deployment.ts";
import { type Frame, refuse, refuseRate, respond } from "./frames.ts";
import type { GuestSession } from "./guest-session.ts";
import type { GuestLine } from "./line.ts";
import type { SignedIn } from "./tokens.ts";

type Configure = ConfigureSession | ConfigureAuthenticatedSession;

function findRefusal({ shared }: GuestLine, { deploymentId, token, tracingId }: Configure): Frame | undefined {
  if (deploymentId !== shared.deployment.id) return refuse(404, "Deployment not found", tracingId);
  const wait = shared.configureRate.take(token);
  return wait > 0 ? refuseRate(429, "This session is configured too often", wait, tracingId) : undefined;
}

/** What the token had is over: its other connections are sent away. */
function replace(line: GuestLine, guest: GuestSession, reason?: "signedIn"): void {
  guest.dismissAll(reason, line);
  line.shared.guests.end(guest);
}

function toAnswer(
  { shared: { deployment } }: GuestLine,
  guest: GuestSession,
  tracingId: string | undefined,
  { newSession = false, clearedExistingSession = false },
): Frame {
  const body = {
    connected: true,
    newSession,
    readOnly: guest.conversation.readOnly,
    maxCustomDataBytes: deployment.limits.customDataBytes,
    ...toMediaLimits(deployment),
    clearedExistingSession,
    ...guest.timing,
  };
  return respond("SessionResponse", body, tracingId);
}

export function configure(line: GuestLine, request: ConfigureSession): Frame {
  const refusal = findRefusal(line, request);
  if (refusal) return refusal;
  const { guests, deployment } = line.shared;
  const { token, tracingId, startNew } = request;
  if (guests.isSignedIn(deployment, token)) {
    return refuse(4017, "An authenticated session cannot become a guest session", tracingId);
  }
  const known = guests.find(deployment, token);
  if (known && startNew) replace(line, known);
  const guest = known && !startNew ? known : guests.open(deployment, token, line.origin);
  line.enter(guest, token);
  return toAnswer(line, guest, tracingId, { newSession: guest !== known });
}

/** Undefined when the connection has closed meanwhile. */
export async function configureAuthenticated(
  line: GuestLine,
  request: ConfigureAuthenticatedSession,
): Promise<Frame | undefined> {
  const refusal = findRefusal(line, request);
  if (refusal) return refusal;
  const { deployment, tokens } = line.shared;
  if (!deployment.auth.enabled) return refuse(403, "Forbidden", request.tracingId);
  const verdict = await tokens.verify(request.data.code);
  if (line.isClosed) return undefined;
  if (!verdict.ok || verdict.guest.deploymentId !== deployment.id) {
    return refuse(401, "Not authorized", request.tracingId);
  }
  return enterSignedIn(line, request, verdict.guest);
}

function enterSignedIn(line: GuestLine, request: ConfigureAuthenticatedSession, who: SignedIn): Frame {
  const { guests, deployment } = line.shared;
  const { token, tracingId, startNew } = request;
  const own = guests.find(deployment, token);
  if (own?.signedIn && own.signedIn.key !== who.key) return refuse(403, "Session authentication failed", tracingId);
  if (own && !own.signedIn) return stepUp(line, request, own, who);
  const known = own ?? guests.ofPerson(who.key);
  if (known && !startNew) {
    guests.join(known, token);
    line.enter(known, token);
    return toAnswer(line, known, tracingId, {});
  }
  if (known) replace(line, known);
  const guest = guests.open(deployment, token, line.origin, who);
  line.enter(guest, token);
  return toAnswer(line, guest, tracingId, { newSession: true });
}

/** The conversation goes on under the guest's name; what the same guest had elsewhere is closed. */
function stepUp(
  line: GuestLine,
  { token, tracingId }: ConfigureAuthenticatedSession,
  own: GuestSession,
  who: SignedIn,
): Frame {
  const { guests, deployment } = line.shared;
  if (!deployment.auth.allowSessionUpgrade) return refuse(403, "Forbidden", tracingId);
  const elsewhere = guests.ofPerson(who.key);
  if (elsewhere) replace(line, elsewhere, "signedIn");
  guests.signIn(own, token, who);
  line.enter(own, token);
  const { firstName, lastName } = who;
  const events = [{ eventType: "Presence", presence: { type: "SignIn" } }];
  const from = { ...(firstName && { firstName }), ...(lastName && { lastName }) };
  own.tellEvents({ direction: "Inbound", events, from }, { isKept: true });
  return toAnswer(line, own, tracingId, { clearedExistingSession: elsewhere !== undefined });
}

/** The session itself stays, until it is started anew or expires. */
export function closeSession(
  line: GuestLine,
  guest: GuestSession,
  { closeAllConnections, tracingId }: CloseSession,
): Frame {
  if (closeAllConnections) guest.dismissAll(undefined, line);
  const { readOnly } = guest.conversation;
  line.leave();
  return respond("SessionResponse", { connected: false, newSession: false, readOnly }, tracingId);
}
