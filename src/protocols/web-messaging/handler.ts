/** The web-messaging dialect on one connection: configure, catch up, then frames both ways (reference, section 4). */
import { Failure } from "../../chat/failure.ts";
import type { UploadRules } from "../../chat/rich.ts";
import type { Connection, Handler, HandlerCommand, Outgoing } from "../../session/protocol.ts";
import { type Answer, parseAnswer, type Refusal, type SessionResponse } from "../../wire/web-messaging/answers.ts";
import type { Dialect } from "./dialect.ts";
import { createFiles } from "./files.ts";
import { createIncoming } from "./incoming.ts";
import { createLine } from "./line.ts";
import { toLive } from "./live.ts";
import { asksToSignIn, isTooMany, toConfigureFailure, toEnd, toMessageError, toWait } from "./refusals.ts";
import { createTelling } from "./telling.ts";
import { createTiming } from "./timing.ts";
import { toUploadRules } from "./upload-rules.ts";

/** What was missed is waited for so long; what comes later is still merged. */
const CATCH_UP_MS = 5_000;
/** Between two health checks: of more than two a minute the platform answers none. */
const ECHO_MS = 30_000;
/** Marks the answer to a health check, as in the official clients. */
const ECHO_ID = "SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=";

export function createHandler(connection: Connection, dialect: Dialect): Handler {
  const { after, emit, now, platform } = connection;
  const { deployment, deploymentId, lent } = dialect;
  const line = createLine(connection);
  const timing = createTiming(connection);
  let { secrets } = connection.credentials;
  let configured = false;
  let uploadRules: UploadRules | undefined;
  const files = createFiles(connection, line, () => uploadRules);
  let cleared = false;
  /** `tracingId` of the Join that has no echo yet. */
  let joining: string | undefined;
  let isSteppingUp = false;

  const incoming = createIncoming({
    connection,
    deployment,
    onEcho: heard,
    onMessage: timing.touch,
  });

  function remember(part: Record<string, string>, ...forgotten: string[]) {
    const kept = Object.entries(secrets).filter(([name]) => !forgotten.includes(name));
    secrets = { ...Object.fromEntries(kept), ...part };
    lent.save(secrets);
  }

  const toConfigure = (startNew: boolean): [string, Record<string, unknown>] => {
    const { jwt: code } = dialect.login;
    return secrets.signedIn
      ? ["configureAuthenticatedSession", { deploymentId, startNew, data: { code } }]
      : ["configureSession", { deploymentId, startNew }];
  };
  const configure = (startNew: boolean) => line.post(...toConfigure(startNew));
  const isBeginning = () => secrets.startNew === "true";

  const telling = createTelling({
    attributes: lent.attributes,
    mostBytes: () => dialect.attributesBytes,
    secrets: () => secrets,
    remember,
    emit,
  });

  function heard(id: string | undefined) {
    if (id === joining || id === undefined) joining = undefined;
    telling.heard(id);
  }

  async function sendMessage(message: Outgoing) {
    const { id, text, payload, answer, attachments } = message;
    const isText = payload === undefined && !answer && !attachments?.[0];
    const body = isText ? { type: "Text", text, metadata: { id } } : (await import("./replies.ts")).toReply(message);
    // Over since it was to be sent: it has not gone out, and the next connection sends it.
    if (connection.signal.aborted) return;
    lent.sent(id);
    line.post("onMessage", { message: { ...body, ...telling.untold(id) } }, id);
  }

  const sendEvent = (event: object, more: object = {}, id?: string) =>
    line.post("onMessage", { message: { type: "Event", events: [event], ...more } }, id);

  function join(id: string) {
    if (connection.signal.aborted) return;
    joining = id;
    sendEvent({ eventType: "Presence", presence: { type: "Join" } }, telling.untold(id), id);
  }

  function receiveSession(session: SessionResponse) {
    configured = true;
    dialect.login.refusals = 0;
    uploadRules = toUploadRules(session, deployment);
    dialect.attributesBytes = session.maxCustomDataBytes ?? dialect.attributesBytes;
    if (!session.connected) return isBeginning() ? configure(true) : emit({ type: "readonly", sentAt: now() });
    timing.tell(session);
    if (!session.newSession) {
      if (secrets.clear) return void clear().catch(() => emit({ type: "readonly", sentAt: now() }));
      return session.readOnly && isBeginning() ? closeSession() : void resume(session);
    }
    // Ours is gone, and nobody here has asked for another.
    if (after !== null && !isBeginning()) emit({ type: "began-anew", sentAt: now() });
    remember({}, "startNew", "told", "refused", "since", "sought", "clear");
    goLive();
    if (deployment.autoStart && !session.autoStarted && !session.readOnly) {
      join(platform.randomId());
    }
    if (session.readOnly) emit({ type: "readonly", sentAt: now() });
  }

  const closeSession = () => line.post("closeSession", { closeAllConnections: true });

  const goLive = () => emit(toLive(deployment, uploadRules, secrets.signedIn !== undefined));

  const openHistory = async () => {
    const { createHistory } = await import("./history.ts");
    const { api, spent } = dialect;
    const onCaughtUp = () => remember({}, "since", "sought");
    return createHistory({ connection, line, incoming, api, spent, lent, gap: () => secrets, onCaughtUp });
  };
  let history: ReturnType<typeof openHistory> | undefined;
  const getHistory = () => {
    history ??= openHistory();
    return history;
  };

  /** Live when what was missed is there, or when that takes too long. Never rejects. */
  async function resume({ readOnly }: SessionResponse) {
    if (isBeginning()) remember({}, "startNew");
    let cancel = () => {};
    const patience = new Promise<void>((resolve) => {
      cancel = platform.clock.after(CATCH_UP_MS, resolve);
    });
    // Without the chunk, after a deployment say, the conversation goes on.
    const caughtUp = getHistory()
      .then((opened) => opened.catchUp())
      .catch(() => {});
    await Promise.race([caughtUp, patience]);
    cancel();
    if (readOnly) emit({ type: "readonly", sentAt: now() });
    else goLive();
  }

  /** The JWT is renewed, unless only the guest can get another: `authorize` knows. */
  function loseLogin(refusals: number) {
    dialect.login.refusals = refusals;
    emit({ type: "lost", decision: { do: "refresh" }, error: { code: "CHAT_CONNECTION_LOST", detail: "signed out" } });
  }

  /** On this connection: the talk goes on. */
  async function stepUp(next: typeof secrets) {
    const before = secrets;
    secrets = { ...secrets, ...next };
    isSteppingUp = true;
    const answer = await line.ask(...toConfigure(false)).finally(() => {
      isSteppingUp = false;
    });
    if (answer.class === "SessionResponse") return receiveSession(answer.body);
    secrets = before;
    const { code, message } = answer.class === "Refusal" ? answer.body : { code: 0, message: answer.class };
    throw new Failure("CHAT_SIGN_IN_REFUSED", `${code} ${message}`);
  }

  function receiveRefusal(refusal: Refusal, tracingId: string | undefined) {
    if (!configured && refusal.code === 401 && secrets.signedIn) return loseLogin(dialect.login.refusals + 1);
    const end = toEnd(refusal) ?? (configured ? null : toConfigureFailure(refusal));
    if (end) {
      if (refusal.code === 4017) remember({}, "token");
      return emit(end);
    }
    // Of a file, which is no message yet.
    if (refusal.attachmentId !== undefined) return;
    // Without a tracing id it concerns what has no answer yet: one message at a time is on its way.
    const awaited = lent.doubtful()?.id;
    const id = tracingId ?? awaited ?? joining;
    const isMessage = id !== undefined && id === awaited;
    // Nobody sees a Join, and without it the conversation does not begin.
    const joinAgain = () => void (id !== undefined && id === joining && join(id));
    if (isTooMany(refusal)) {
      const retryAfter = toWait(refusal);
      platform.clock.after(retryAfter, joinAgain);
      return emit({ type: "throttled", retryAfter, id });
    }
    const attributes = telling.drop();
    if (refusal.code === 4013 && attributes) {
      telling.refuse(attributes, `4013 ${refusal.message}`);
      // What the guest wrote is not to blame: it goes again without them.
      if (isMessage) emit({ type: "throttled", retryAfter: 0, id });
      return joinAgain();
    }
    const error = toMessageError(refusal);
    if (isMessage) emit({ type: "rejected", id, error });
    // Typing that is not wanted is nobody's trouble.
    else if (refusal.code !== 403) emit({ type: "warned", error: { ...error, code: "CHAT_REFUSED" } });
    if (refusal.code === 409) emit({ type: "readonly", sentAt: now() });
  }

  function receiveClosed(reason: string | undefined) {
    if (cleared) return emit({ type: "lost", decision: { do: "retry" } });
    // The guest has signed in on another device: what was said here is that person's now.
    if (reason === "signedIn") return emit({ type: "ended" });
    emit({ type: "lost", decision: { do: "stop" }, error: { code: "CHAT_MOVED" } });
  }

  function receiveAnswer(answer: Answer) {
    switch (answer.class) {
      case "SessionResponse":
        return receiveSession(answer.body);
      case "StructuredMessage":
        if (answer.tracingId === ECHO_ID) return timing.read(answer.body.metadata);
        return incoming.take(answer.body, answer.tracingId);
      case "SessionExpiredEvent":
        return receiveRefusal({ code: 4006, message: "" }, undefined);
      case "SessionClearedEvent":
        cleared = true;
        return emit({ type: "cleared", epoch: platform.randomId() });
      case "ConnectionClosedEvent":
        return receiveClosed(answer.body.reason);
      case "LogoutEvent":
        return emit({ type: "ended" });
      case "Refusal":
        return receiveRefusal(answer.body, answer.tracingId);
      default:
        // Links and JWTs that nobody has asked for, or no longer waits for.
        return;
    }
  }

  async function clear() {
    const answer = await line.ask("onMessage", {
      message: { type: "Event", events: [{ eventType: "Presence", presence: { type: "Clear" } }] },
    });
    if (answer.class === "Refusal") throw new Failure("CHAT_UNSUPPORTED", `${answer.body.code} ${answer.body.message}`);
  }

  return {
    handshake() {
      // Until all is caught up with, the next connection has to begin there, too: what comes now may be newer than what is missing.
      const { since = after ?? "", sought = "" } = secrets;
      remember({ since, sought: sought || (lent.doubtful()?.id ?? "") });
      configure(false);
    },

    /** Any frame is a sign of life; of echoes the platform takes only two a minute. */
    probe() {
      const { spent } = dialect;
      const time = platform.clock.monotonic();
      if (time - (spent.echoedAt ?? -ECHO_MS) < ECHO_MS) return line.post("getJwt");
      spent.echoedAt = time;
      line.post("echo", { message: { type: "Text", text: "ping" } }, ECHO_ID);
    },

    async perform(command: HandlerCommand, signal) {
      switch (command.type) {
        case "send":
          return sendMessage(command);
        case "typing":
          if (command.on && deployment.guestTyping) sendEvent({ eventType: "Typing", typing: { type: "On" } });
          return;
        case "end":
          return closeSession();
        case "clear":
          return clear();
        case "sign-in":
          return stepUp(command.secrets);
        case "load-earlier":
          return (await getHistory()).loadEarlier(signal);
        default:
          return files.perform(command, signal);
      }
    },

    receive(frame) {
      const answer = parseAnswer(frame);
      // A class of a newer server, or nobody's frame: the connection is worth more than the frame.
      if (!answer) return answer === null;
      const refusal = answer.class === "Refusal" ? answer.body : undefined;
      if (refusal && secrets.signedIn && asksToSignIn(refusal) && !isSteppingUp) return loseLogin(Number.MAX_VALUE);
      // Who asked is told of the end by the connection's. Whatever it was that was one too many: a text would be, too.
      const concernsAll = refusal && ((configured && toEnd(refusal)) || isTooMany(refusal));
      if (line.take(answer) && !concernsAll) return;
      if (!files.receive(answer)) receiveAnswer(answer);
    },
  };
}
