/** How a conversation stands, as an agent wants to know it: who has it, who types, what is unread and for how long. */
import type { Conversation, ConversationEvent } from "../conversation.ts";
import type { SandboxClock } from "../options.ts";

export interface Standing {
  /** Who has it: the bot, nobody yet, an agent; or it is over. */
  stage: "bot" | "waiting" | "agent" | "ended";
  /** Whether a page of the guest's is connected. */
  guestHere: boolean;
  guestTyping: boolean;
  /** Who else is typing: bot and agents, by name. */
  typing: readonly string[];
  /** Messages of the guest that no agent has answered or looked at; none while the bot has it. */
  unread: number;
  /** The oldest message of the guest that nobody has answered, in ms since the epoch; null while the bot has it. */
  waitingSince: number | null;
  /** ms since the epoch. */
  startedAt: number;
  lastActivityAt: number;
}

/** A guest's end says every few seconds that he is still typing; one that has died says nothing. */
const TYPING_MS = 10_000;

export interface StandingKeeper {
  readonly current: Readonly<Standing>;
  /** An agent has looked at it. */
  read(): void;
}

/** `told`: called after each change. Its listener on the conversation is never removed: both live equally long. */
export function keepStanding(
  conversation: Conversation,
  { clock, hasBot, told }: { clock: SandboxClock; hasBot: boolean; told(event?: ConversationEvent): void },
): StandingKeeper {
  const now = clock.now();
  let current: Standing = {
    stage: hasBot ? "bot" : "waiting",
    guestHere: false,
    guestTyping: false,
    typing: [],
    unread: 0,
    waitingSince: null,
    startedAt: now,
    lastActivityAt: now,
  };
  let cancelTyping = () => {};

  const change = (changes: Partial<Standing>, event?: ConversationEvent) => {
    current = { ...current, ...changes };
    told(event);
  };
  const guestTyping = (on: boolean) => {
    cancelTyping();
    if (on) cancelTyping = clock.after(TYPING_MS, () => change({ guestTyping: false }));
    return { guestTyping: on };
  };
  const answered = { unread: 0, waitingSince: null };

  const toChanges = (event: ConversationEvent): Partial<Standing> => {
    const { stage, unread, waitingSince } = current;
    switch (event.type) {
      case "message": {
        const { from, sentAt: lastActivityAt } = event.message;
        if (from === "agent") return { ...answered, lastActivityAt };
        if (from !== "guest") return { lastActivityAt };
        const typing = guestTyping(false);
        if (stage === "bot") return { ...typing, lastActivityAt };
        return { ...typing, lastActivityAt, unread: unread + 1, waitingSince: waitingSince ?? lastActivityAt };
      }
      case "typing": {
        if (event.from === "guest") return guestTyping(event.on);
        const others = current.typing.filter((name) => name !== event.name);
        return { typing: event.on && event.name !== undefined ? [...others, event.name] : others };
      }
      case "handed-over": {
        const asked = conversation.messages.findLast(({ from }) => from === "guest");
        if (stage !== "bot") return {};
        return { stage: "waiting", unread: 1, waitingSince: asked?.sentAt ?? clock.now() };
      }
      case "presence":
        if (event.event === "joined") return { stage: "agent", lastActivityAt: clock.now() };
        return conversation.agents.length > 0 ? {} : { stage: "waiting", typing: [] };
      case "guest":
        return { guestHere: event.here, ...(!event.here && guestTyping(false)) };
      case "ended":
        return { ...answered, ...guestTyping(false), typing: [], stage: "ended", lastActivityAt: clock.now() };
      case "opened":
        return {};
    }
  };

  conversation.listen((event) => change(toChanges(event), event));
  return {
    get current() {
      return current;
    },
    read() {
      if (current.unread > 0) change({ unread: 0 });
    },
  };
}
