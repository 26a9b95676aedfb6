/** Session: our standing with Genesys. Takes commands, owns the chat, publishes what changed. Knows no dialect, no tab, no DOM. */
import { apply, type Changes, type Chat } from "../chat/chat.ts";
import type { Command } from "../chat/command.ts";
import type { ChatErrorData } from "../chat/error.ts";
import type { SessionEvent } from "../chat/event.ts";
import { Failure, toErrorData } from "../chat/failure.ts";
import { isPending, type Message } from "../chat/message.ts";
import { countUnread, newestServerId, oldestPending, reduce } from "../chat/reduce.ts";
import { canStartNew, initialState } from "../chat/state.ts";
import type { Live } from "./connect.ts";
import { createLoop } from "./loop.ts";
import { createOutbox } from "./outbox.ts";
import type { Platform } from "./platform.ts";
import type { AuthorizeReason, HandlerCommand, Protocol } from "./protocol.ts";
import { load, type Standing, saveMessages, saveStanding } from "./saved.ts";
import type { Store } from "./store.ts";

/** What the guest sent longer ago than this, he is asked about before it is sent. */
const UNSENT_MS = 86_400_000;
const WAIT_FOR_LIVE_MS = 30_000;
/** The platform takes typing at most this often. */
const TYPING_MS = 5_000;

export interface SessionRequest {
  protocol: Protocol;
  platform: Platform;
  store: Store;
  attributes: Readonly<Record<string, unknown>>;
}

/** `load-earlier` moves one tab's page: the hub's affair. */
export type SessionCommand = Exclude<Command, { type: "load-earlier" }>;

/** A command with what the tab knew when the guest gave it. */
export interface Asked {
  /** Of the command; of a send or reply also the message's. */
  id: string;
  command: SessionCommand;
  /** ms since the epoch, our clock. */
  at: number;
}

export interface Session {
  readonly chat: Readonly<Chat>;
  /** Resolves when it is done (a send or reply: when it is on disk), rejects with a Failure. */
  dispatch(asked: Asked): Promise<unknown>;
  subscribe(listener: (changes: Changes) => void): () => void;
  /** Leaves; what is kept stays kept. */
  stop(): void;
}

/** Resolves once what was kept is read, so that nobody sees a chat that is about to change. */
export async function createSession({ protocol, platform, store, attributes }: SessionRequest): Promise<Session> {
  const { clock } = platform;
  const saved = await load(store);
  let standing: Standing = saved.standing ?? { epoch: platform.randomId(), readonly: false, skew: 0 };
  const chat: Chat = {
    state: initialState({
      phase: standing.readonly ? "readonly" : "idle",
      epoch: standing.epoch,
      seen: standing.seen,
      durable: store.durable,
    }),
    messages: new Map(saved.messages.map((message) => [message.id, message])),
  };
  chat.state.unread = countUnread(chat, standing.seen);
  const pending = saved.messages.filter(isPending);
  const outbox = createOutbox(clock, () => oldestPending(chat));
  const listeners = new Set<(changes: Changes) => void>();
  const waiting = new Set<(live: Live) => void>();
  const lifetime = new AbortController();
  let live: Live | null = null;
  let lastSent = Math.max(0, ...pending.map(({ sentAt }) => sentAt));
  let typedAt = -TYPING_MS;

  const serverNow = () => clock.now() + standing.skew;

  function keep(part: Partial<Standing>) {
    standing = { ...standing, ...part };
    return saveStanding(store, standing);
  }

  function emit(event: SessionEvent) {
    const changes = reduce(chat, event);
    apply(chat, changes);
    saveMessages(store, changes);
    for (const listener of listeners) listener(changes);
    switch (event.type) {
      case "delivered":
      case "rejected":
      case "unconfirmed":
        outbox.landed(event.id);
        break;
      case "throttled":
        outbox.pause(event.retryAfter);
        break;
      case "readonly":
        loop.stop();
        void keep({ readonly: true, credentials: undefined });
        for (const { id } of [...chat.messages.values()].filter(isPending)) {
          emit({ type: "rejected", id, error: { code: "CHAT_ENDED" } });
        }
        break;
      case "began-anew":
        void keep({ readonly: false, credentials: undefined });
        break;
      case "saw":
        void keep({ seen: chat.state.seen });
        break;
    }
  }

  const loop = createLoop({
    protocol,
    platform,
    emit,
    serverNow,
    credentials: () => standing.credentials ?? null,
    after: () => newestServerId(chat),
    async authorize(reason: AuthorizeReason, signal) {
      const held = standing.credentials ?? null;
      const asked = { saved: held, reason, attributes, skew: standing.skew };
      const credentials = await protocol.authorize(asked, platform, signal);
      if (credentials !== held) {
        const skew = credentials.issuedAt === undefined ? standing.skew : credentials.issuedAt - clock.now();
        await keep({ credentials, skew });
      }
      return credentials;
    },
    onLive(connection) {
      live = connection;
      const doubtful = outbox.attach({
        transmit({ id, text = "", payload }) {
          connection.perform({ type: "send", id, text, payload }, lifetime.signal).catch((error) => {
            emit({ type: "rejected", id, error: toErrorData(error) });
          });
        },
        doubt: () => connection.close("no echo"),
      });
      if (doubtful && !protocol.idempotent) emit({ type: "unconfirmed", id: doubtful });
      outbox.next();
      for (const go of waiting) go(connection);
      waiting.clear();
    },
    onDown() {
      live = null;
      outbox.detach();
    },
  });

  const perform = async (command: HandlerCommand) => (live ?? (await nextLive())).perform(command, lifetime.signal);

  function nextLive(): Promise<Live> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(WAIT_FOR_LIVE_MS, () => {
        waiting.delete(go);
        reject(new Failure("CHAT_OFFLINE"));
      });
      const go = (connection: Live) => {
        cancel();
        resolve(connection);
      };
      waiting.add(go);
    });
  }

  function start() {
    if (chat.state.phase !== "readonly") loop.start("start");
  }

  /** On disk first, shown then, sent last. */
  async function send(draft: Pick<Message, "id" | "text" | "payload">, at: number, to?: string): Promise<string> {
    const message: Message = { ...draft, from: "guest", sentAt: nextSendTime(at), delivery: "sending" };
    const error = refusal(message);
    // A message ends the typing: the next key is news again.
    typedAt = -TYPING_MS;
    if (!error) await store.put("messages", message.id, message);
    if (chat.state.durable && !store.durable) emit({ type: "undurable" });
    emit({ type: "sending", message, to });
    if (error) emit({ type: "rejected", id: message.id, error });
    start();
    outbox.next();
    return message.id;
  }

  /** What cannot be sent is shown as failed, with its reason: a text that somebody has typed never vanishes. */
  function refusal({ text, sentAt }: Message): ChatErrorData | null {
    if (chat.state.phase === "readonly") return { code: "CHAT_ENDED" };
    if (serverNow() - sentAt > UNSENT_MS) return { code: "CHAT_EXPIRED" };
    const bytes = new TextEncoder().encode(text).length;
    const limit = chat.state.textBytes ?? bytes;
    return bytes > limit ? { code: "CHAT_TEXT_TOO_LONG", detail: `${bytes} bytes, ${limit} are taken` } : null;
  }

  /** Strictly rising, so that the order typed is the order sent, whatever the clock does. */
  function nextSendTime(at: number): number {
    lastSent = Math.max(lastSent + 1, at + standing.skew);
    return lastSent;
  }

  async function dispatch({ id, command, at }: Asked): Promise<unknown> {
    switch (command.type) {
      case "open":
        return start();
      case "send":
      case "reply": {
        // A tab repeats what it has not seen acknowledged: once here, it is not sent twice.
        if (chat.messages.has(id)) return id;
        const { text } = command;
        if (text.trim() === "") throw new Failure("CHAT_TEXT_EMPTY");
        return command.type === "send"
          ? send({ id, text }, at)
          : send({ id, text, payload: command.payload }, at, command.to);
      }
      case "retry": {
        const message = chat.messages.get(command.message);
        if (message?.delivery !== "failed" && message?.delivery !== "unconfirmed") return;
        const { text, payload } = message;
        return send({ id: message.id, text, payload }, at);
      }
      case "cancel":
        if (chat.messages.get(command.message)?.delivery !== "failed") return;
        return emit({ type: "cancelled", id: command.message });
      case "typing": {
        if (!live || (command.on && clock.monotonic() - typedAt < TYPING_MS)) return;
        typedAt = command.on ? clock.monotonic() : -TYPING_MS;
        return perform(command);
      }
      case "end":
        return perform(command);
      case "start-new":
        if (!canStartNew(chat.state.phase)) throw new Failure("CHAT_UNSUPPORTED", "the conversation goes on");
        emit({ type: "began-anew", sentAt: serverNow() });
        return loop.start("new-session");
      case "set-attributes": {
        const excess = protocol.findExcess(command.attributes);
        if (excess) throw new Failure("CHAT_ATTRIBUTES_TOO_LARGE", excess);
        attributes = command.attributes;
        return;
      }
      case "seen":
        return emit({ type: "saw", message: command.message });
      case "visible":
        if (command.on) loop.wake();
        return;
    }
  }

  // What a tab types from now on bears this epoch: it has to outlive a hub that kept nothing else.
  await keep({});
  for (const message of pending) {
    const error = refusal(message);
    if (error) emit({ type: "rejected", id: message.id, error });
  }
  if (standing.credentials || oldestPending(chat)) start();
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
      outbox.detach();
    },
  };
}
