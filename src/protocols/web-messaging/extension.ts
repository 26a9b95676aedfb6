/** What web messaging adds to a session: its commands, the end of a session for want of words, what has gone out and may have arrived. */
import type { SessionEvent } from "../../chat/event.ts";
import { Failure } from "../../chat/failure.ts";
import { isPending } from "../../chat/message.ts";
import { oldestPending } from "../../chat/reduce.ts";
import type { Extend } from "../../session/extension.ts";

/** The guest is told so long before the session ends. */
const NOTICE_MS = 300_000;

export const extend: Extend = ({ chat, platform, store, loop, keep, emit, perform, erase }) => {
  const { clock } = platform;
  let cancelNotice = () => {};

  /** Timers may be late, and a machine may sleep: what counts is the clock when they come. */
  function expires(at: number) {
    cancelNotice();
    const ms = at - NOTICE_MS - clock.now();
    emit({ type: "expiring", at: ms <= 0 ? at : undefined });
    if (ms > 0) cancelNotice = clock.after(Math.min(ms, LONGEST_TIMER_MS), () => expires(at));
  }

  /** Of this conversation, by Genesys' ids: those above the last divider are of another. */
  function held(): Set<string> {
    const all = [...chat.messages.values()];
    const divider = Math.max(...all.map(({ happened, sentAt }) => (happened === "new-conversation" ? sentAt : 0)));
    const ids = all.filter(({ sentAt }) => sentAt > divider).flatMap(({ serverId, alias }) => [serverId, alias]);
    return new Set(ids.filter((id) => id !== undefined));
  }

  return {
    doubtful: [...chat.messages.values()].find((message) => isPending(message) && message.tried)?.id,

    transmitted(id) {
      const message = chat.messages.get(id);
      if (message) void store.put("messages", id, { ...message, tried: true });
    },

    observe(event: SessionEvent) {
      switch (event.type) {
        case "expires":
          return expires(event.at);
        case "earlier":
          return void keep({ earlier: event.more });
        case "cleared":
          return void keep({ epoch: event.epoch, seen: undefined, earlier: false });
        case "ended":
          return void erase();
        case "phase":
          if (event.phase !== "failed") return;
          cancelNotice();
          emit({ type: "expiring" });
          // What is written already begins the next session at once.
          if (event.reason?.code === "CHAT_SESSION_EXPIRED" && oldestPending(chat)) {
            cancelNotice = clock.after(0, () => loop.start("start"));
          }
      }
    },

    async dispatch({ command }) {
      switch (command.type) {
        case "load-earlier":
          return perform({ type: "load-earlier", held: held() });
        case "clear":
          return perform(command);
        case "take-over":
          return loop.start("start");
        default:
          throw new Failure("CHAT_UNSUPPORTED");
      }
    },

    stop: () => cancelNotice(),
  };
};

/** A timer with a longer delay fires at once: https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
