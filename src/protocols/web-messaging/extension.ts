/** What web messaging adds to a session: its commands, the end of a session for want of words, what has gone out and may have arrived. */
import type { SessionEvent } from "../../chat/event.ts";
import type { reduceFiles } from "../../chat/files/reduce-files.ts";
import { isPending, type Message } from "../../chat/message.ts";
import type { Credentials, Extended, Extension, HandlerCommand } from "../../session/protocol.ts";
import type { Seldom } from "../../session/seldom/seldom.ts";
import type { Exchange } from "../../session/seldom/sign-in.ts";

/** The guest is told so long before the session ends. */
const NOTICE_MS = 300_000;

export interface WebMessagingExtension extends Extension {
  /** Went out before and has no echo: it may have arrived. */
  doubtful(): Message | undefined;
  /** It goes out now. */
  sent(id: string): void;
  /** `changes` and those of files. */
  reduce: typeof reduceFiles;
}

/** What a session lends the handlers of its connections. */
export interface Lent
  extends Pick<Extended, "attributes" | "chat" | "emit">,
    Pick<WebMessagingExtension, "doubtful" | "reduce" | "sent"> {
  /** Keeps what only a connection could learn; the next one is opened with it. */
  save(secrets: Credentials["secrets"]): void;
}

/** What a guest may still ask of a conversation that is over. */
export interface Afterwards {
  /** As a live connection does. Rejects with a Failure: then the guest may ask again. */
  perform(command: HandlerCommand, signal?: AbortSignal): Promise<unknown>;
  /** There is nothing to look back to any more: nothing that comes now is told. */
  stop(): void;
}

export function extend(
  session: Extended,
  exchange: Exchange,
  openAfterwards: () => Promise<Afterwards>,
): WebMessagingExtension {
  const { chat, platform, store, loop, keep, emit, erase } = session;
  const { clock } = platform;
  let cancelNotice = () => {};
  let transmitted = [...chat.messages.values()].find((message) => isPending(message) && message.tried)?.id;

  let afterwards: Afterwards | undefined;
  /** Where it is over no connection comes by itself. */
  const perform: Extended["perform"] = async (command, signal) => {
    const isLooking = command.type === "load-earlier" || command.type === "refresh-link";
    if (chat.state.phase !== "readonly" || !isLooking) return session.perform(command, signal);
    const opened = await openAfterwards();
    afterwards ??= opened;
    return afterwards.perform(command, signal);
  };

  let seldom: Seldom | undefined;
  let reduce: typeof reduceFiles = (_chat, _event, changes) => changes;
  async function openSeldom(): Promise<Seldom> {
    const fetched = await import("../../session/seldom/seldom.ts");
    reduce = fetched.reduceFiles;
    seldom ??= fetched.createSeldom({ ...session, perform }, exchange);
    return seldom;
  }
  // Files that an earlier hub has kept.
  if (session.standing().uploads !== undefined) void openSeldom().catch(() => {});

  /** Timers may be late, and a machine may sleep: what counts is the clock when they come. */
  function expires(at: number) {
    cancelNotice();
    const ms = at - NOTICE_MS - clock.now();
    emit({ type: "expiring", at: ms <= 0 ? at : undefined });
    if (ms > 0) cancelNotice = clock.after(Math.min(ms, LONGEST_TIMER_MS), () => expires(at));
  }

  function doubtful(): Message | undefined {
    const message = chat.messages.get(transmitted ?? "");
    return message && isPending(message) ? message : undefined;
  }

  return {
    doubtful,
    reduce: (...event) => reduce(...event),

    // Kept before: no hub that comes after must take it for one that nobody has sent.
    transmitting: (message) => store.put("messages", message.id, { ...message, tried: true }),

    sent(id) {
      transmitted = id;
    },

    observe(event: SessionEvent) {
      seldom?.observe();
      const message = doubtful();
      if (event.type === "live") {
        const { features, markdown, signedIn } = event;
        void keep({ shown: { features, markdown, signedIn } });
      }
      switch (event.type) {
        // Caught up, and it was not there; or nobody will ask any more. Only the guest may send it again.
        case "live":
        case "readonly":
          if (message) emit({ type: "unconfirmed", id: message.id });
          return;
        case "throttled":
          if (!message || event.id !== message.id) return;
          // Refused: it has not arrived.
          transmitted = undefined;
          return void store.put("messages", message.id, { ...message, tried: undefined });
        case "expires":
          return expires(event.at);
        case "earlier":
          return void keep({ earlier: event.more });
        case "began-anew":
        case "erased":
          return afterwards?.stop();
        case "cleared":
          afterwards?.stop();
          return void keep({ epoch: event.epoch, seen: undefined, earlier: false, readonly: false });
        case "ended":
          return void erase();
        case "phase":
          if (event.phase !== "failed") return;
          cancelNotice();
          emit({ type: "expiring" });
          // What is written already begins the next session at once.
          if (event.reason?.code === "CHAT_SESSION_EXPIRED" && [...chat.messages.values()].some(isPending)) {
            cancelNotice = clock.after(0, () => loop.start("start"));
          }
      }
    },

    async dispatch(asked) {
      const { command } = asked;
      switch (command.type) {
        case "load-earlier":
          return perform(command);
        case "take-over":
          return loop.start("start");
        case "sign-out":
          // Without the chunk, offline say, nobody can be told: it is done here all the same.
          return openSeldom().then((opened) => opened.dispatch(asked), erase);
        default:
          if (command.type === "clear" && chat.state.phase !== "readonly") return perform(command);
          return (await openSeldom()).dispatch(asked);
      }
    },

    stop() {
      cancelNotice();
      afterwards?.stop();
      seldom?.stop();
    },
  };
}

/** A timer with a longer delay fires at once: https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
