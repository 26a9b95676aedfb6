/** Session: our standing with Genesys. Takes commands, owns the chat, publishes what changed. Knows no dialect, no tab, no DOM. */
import type { Metrics } from "../chat/activity.ts";
import { apply, type Changes, type Chat } from "../chat/chat.ts";
import type { RateLimit, SessionEvent } from "../chat/event.ts";
import { Failure, toErrorData } from "../chat/failure.ts";
import { isPending } from "../chat/message.ts";
import { newestServerId, reduce as reduceByDefault } from "../chat/reduce.ts";
import { canStartNew } from "../chat/state.ts";
import { type AccessRequest, createAccess } from "./access.ts";
import type { Asked } from "./asked.ts";
import { createLiveConnection } from "./live-connection.ts";
import { createLoop } from "./loop.ts";
import { createOutbox } from "./outbox.ts";
import type { HandlerCommand } from "./protocol.ts";
import type { Rate } from "./rate-limit.ts";
import { load, restore, type Standing, saveMessages, saveStanding } from "./saved.ts";
import { createSending } from "./sending.ts";
import type { SessionRequest } from "./session-request.ts";
import type { Typing } from "./typing.ts";

export interface Session {
  readonly chat: Readonly<Chat>;
  /** Resolves when it is done (a send or reply: when it is on disk), rejects with a Failure. */
  dispatch(asked: Asked): Promise<unknown>;
  subscribe(listener: (changes: Changes) => void): () => void;
  /** Leaves; what is kept stays kept. */
  stop(): void;
}

/** Resolves once what was kept is read, so that nobody sees a chat that is about to change. */
export async function createSession(request: SessionRequest): Promise<Session> {
  const { protocol, platform, store } = request;
  const { reduce = reduceByDefault } = protocol;
  const { clock } = platform;
  let { attributes } = request;
  const saved = load(store);
  const newStanding = (): Standing => ({ epoch: platform.randomId(), readonly: false, skew: 0 });
  let standing = saved.standing ?? newStanding();
  const chat = restore(saved.messages, standing, store.durable);
  const pending = saved.messages.filter(isPending);
  let limits: readonly RateLimit[] = [];
  let rate: Rate | undefined;
  let sentUnrated = false;
  const outbox = createOutbox({ clock, rate: () => rate, messages: chat.messages });
  const listeners = new Set<(changes: Changes) => void>();
  const live = createLiveConnection(clock);
  const lifetime = new AbortController();
  let typing: Typing | undefined;
  /** In some tab the guest sees the chat. */
  let watched = false;
  let hidden = false;

  const serverNow = () => clock.now() + standing.skew;
  const keep = (part: Partial<Standing>) => saveStanding(store, Object.assign(standing, part));

  const errands = () => protocol.openErrands(platform);
  const note: AccessRequest["note"] = (event, details) => activity.note(event, details);

  const theirs = { standing: () => standing, attributes: () => attributes, chat, live, keep, errands, note };
  const access = createAccess({ ...request, ...theirs });

  /** It reports with the credentials of its own session, also when that one has been erased. */
  const createLog = (of: Standing) =>
    request.activityLog.createActivityLog({
      clock,
      store,
      report: async (report) => (await errands()).report(report, of.credentials),
    });
  let activity = createLog(standing);

  function emit(event: SessionEvent) {
    const changes = reduce(chat, event, watched);
    apply(chat, changes);
    saveMessages(store, changes);
    if (chat.state.durable && !store.durable) emit({ type: "undurable" });
    // What is replayed, or was seen in another tab before, changes nothing: it did not happen again, and nobody is told.
    if (Object.keys(changes)[0]) {
      activity.observe(event);
      for (const listener of listeners) listener(changes);
    }
    extension?.observe(event);
    switch (event.type) {
      case "delivered":
      case "rejected":
      case "unconfirmed":
        outbox.landed(event.id);
        break;
      case "live":
        limits = event.limits ?? [];
        break;
      case "typing":
        typing?.heard(event.on, event.durationMs);
        break;
      case "throttled":
        outbox.pause(event.retryAfter, event.id);
        break;
      case "readonly":
        loop.stop();
        void keep({ readonly: true });
        refuse();
        break;
      case "began-anew":
        void keep({ readonly: false, credentials: protocol.anew?.(standing.credentials) });
        break;
      case "odd":
        activity.observe(event);
        break;
      case "received":
      case "saw":
        if (chat.state.seen !== standing.seen) void keep({ seen: chat.state.seen });
        break;
    }
  }

  async function settleIn() {
    const { createRate, createTyping } = await request.judgement();
    rate ??= createRate(clock, () => limits, sentUnrated);
    typing ??= createTyping(clock, () => emit({ type: "typing", on: false }));
  }

  const loop = createLoop({
    ...request,
    emit,
    serverNow,
    authorize: access.authorize,
    credentials: () => standing.credentials ?? null,
    after: () => newestServerId(chat),
    isHidden: () => hidden,
    onLive(connection) {
      void settleIn().catch(() => {});
      // Now that the server's clock is known: a hub may have lived for a day without a connection.
      refuse();
      outbox.attach({
        async transmit(message) {
          try {
            await extension?.transmitting(message);
            sentUnrated ||= !rate;
            rate?.sent();
            await connection.perform({ text: "", ...message, type: "send" }, lifetime.signal);
          } catch (error) {
            emit({ type: "rejected", id: message.id, error: toErrorData(error) });
          }
        },
        doubt: () => connection.close("no echo"),
      });
      outbox.next();
      live.up(connection);
    },
    onDown() {
      live.down();
      outbox.detach();
    },
  });

  const sending = createSending({
    chat,
    store,
    emit,
    serverNow,
    skew: () => standing.skew,
    lastSent: Math.max(0, ...pending.map(({ sentAt }) => sentAt)),
  });

  /** Of what waits, what cannot be sent any more. */
  function refuse() {
    for (const message of [...chat.messages.values()].filter(isPending)) {
      const error = sending.refusal(message);
      if (error) emit({ type: "rejected", id: message.id, error });
    }
  }

  const perform = async (command: HandlerCommand, signal = lifetime.signal) =>
    (await live.next()).perform(command, signal);

  function start() {
    // A text on its way to the disk when the hub has to leave, the next one sends. Who waits was told to: it is in use elsewhere.
    if (!["readonly", "waiting"].includes(chat.state.phase) && !lifetime.signal.aborted) loop.start("start");
  }

  const send: typeof sending.send = async (draft, at) => {
    // A message ends the typing: the next key is news again.
    typing?.told(false);
    const id = await sending.send(draft, at);
    outbox.add(id);
    // What cannot be sent is no reason to connect: the session may be over.
    if (outbox.first()) start();
    outbox.next();
    return id;
  };

  const extension = protocol.extend?.({ ...request, ...theirs, rate: () => rate, loop, emit, perform, send, erase });

  /** Erased here first, so that it holds offline too; then told to the other end. */
  async function terminate(): Promise<Metrics> {
    const [{ credentials }, last] = [standing, activity];
    live.current?.perform({ type: "end" }, lifetime.signal).catch(() => {});
    await erase();
    await last.flush();
    if (credentials) await (await errands()).revoke(credentials);
    return last.metrics();
  }

  async function erase() {
    loop.stop();
    activity.note("session_terminated");
    standing = newStanding();
    const cleared = store.clear();
    activity = createLog(standing);
    await cleared;
    emit({ type: "erased", epoch: standing.epoch });
  }

  async function dispatch({ id, command, at }: Asked): Promise<unknown> {
    switch (command.type) {
      case "open":
        if (command.connect !== false) return start();
        if (!live.current) await access.authorize("start", lifetime.signal);
        return;
      case "send":
      case "reply": {
        // A tab repeats what it has not seen acknowledged: once here, it is not sent twice.
        if (chat.messages.has(id)) return id;
        if (extension && "attachment" in command && command.attachment) return extension.dispatch({ id, command, at });
        return send({ ...command, id }, at);
      }
      case "retry": {
        const message = chat.messages.get(command.message);
        if (message?.delivery !== "failed" && message?.delivery !== "unconfirmed") return;
        return send(message, at);
      }
      case "cancel":
        if (chat.messages.get(command.message)?.delivery !== "failed") return;
        return emit({ type: "cancelled", id: command.message });
      case "typing":
        // The first to be dropped where the platform takes little more.
        if (!live.current || !typing?.isNews(command.on) || (command.on && rate?.wait(0.5))) return;
        typing.told(command.on);
        rate?.sent();
        return perform(command);
      case "end":
        return perform(command);
      case "start-new":
        if (!canStartNew(chat.state.phase)) throw new Failure("CHAT_UNSUPPORTED");
        emit({ type: "began-anew", sentAt: serverNow() });
        return loop.start("new-session");
      case "set-attributes": {
        const excess = protocol.findExcess(command.attributes);
        if (excess) throw new Failure("CHAT_ATTRIBUTES_TOO_LARGE", excess);
        attributes = command.attributes;
        return;
      }
      case "identify":
        return (await import("./identify.ts")).identify(command.identity, { ...theirs, access, loop });
      case "seen":
        return emit({ type: "saw", message: command.message });
      case "visible":
        watched = command.on;
        hidden = !watched;
        activity.visible(watched);
        if (!watched) return;
        emit({ type: "saw", message: chat.state.seen ?? "" });
        return loop.wake();
      case "metrics":
        return activity.metrics();
      case "terminate":
        return terminate();
      default:
        if (!extension) throw new Failure("CHAT_UNSUPPORTED");
        return extension.dispatch({ id, command, at });
    }
  }

  // What a tab types from now on bears this epoch: it has to outlive a hub that kept nothing else.
  await keep({});
  for (const { id } of pending) outbox.add(id);
  refuse();
  // What was not told of a conversation that is over still is.
  if (standing.readonly) void activity.flush();
  else if (standing.credentials) activity.note("session_resumed");
  if (standing.credentials || outbox.first()) start();
  const stopListening = platform.onWake(() => loop.wake());

  return {
    chat,
    dispatch,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      lifetime.abort();
      stopListening();
      loop.stop();
      typing?.heard(false);
      activity.stop();
      extension?.stop();
      store.close();
    },
  };
}
