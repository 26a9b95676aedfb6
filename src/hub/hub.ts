/** Hub: many ports in, one session out. Gives every tab the state at join and what changes after; never asks a tab for anything. */
import { type Changes, sortedMessages } from "../chat/chat.ts";
import { isCommand } from "../chat/check-command.ts";
import type { Command } from "../chat/command.ts";
import type { ChatErrorCode } from "../chat/error.ts";
import { toErrorData } from "../chat/failure.ts";
import { compareMessages, type Message } from "../chat/message.ts";
import type { Asked } from "../session/asked.ts";
import type { Session } from "../session/session.ts";
import { checkJoin, type ToCheck, toAsked } from "./check.ts";
import type { HubOptions } from "./options.ts";
import type { HubPort, Settled, Update } from "./port.ts";

export interface HubRequest {
  /** Called once, at the first join, and again only if it has failed. */
  openSession(options: HubOptions): Promise<Session>;
  /** Resolves when the tab of that name has gone, however it went; never, where that cannot be known. */
  whenGone?(tab: string): Promise<void>;
}

export interface Hub {
  accept(port: HubPort): void;
  /** Drops the ports before it stops the session, so that no tab is told of an end that is only the hub's. */
  close(): void;
}

/** Messages that a tab gets at join, and more at each load-earlier. */
const PAGE = 50;
const REMEMBERED_RESULTS = 256;

interface Tab {
  port: HubPort;
  /** The oldest message that it holds; null when it holds all. */
  oldest: Message | null;
  /** Its page is visible and its chat open. */
  visible: boolean;
}

export function createHub({ openSession, whenGone }: HubRequest): Hub {
  const tabs = new Set<Tab>();
  /** Settled or under way, by command id: a repeated command is not performed again. */
  const results = new Map<string, Promise<Settled>>();
  let opening: Promise<Session> | null = null;
  let closed = false;

  async function open(options: HubOptions): Promise<Session> {
    try {
      const session = await openSession(options);
      session.subscribe(publish);
      return session;
    } catch (error) {
      opening = null;
      throw error;
    }
  }

  function publish(changes: Changes) {
    for (const { port, oldest } of tabs) {
      // What is older than a tab's page comes with load-earlier; the guest's own concern every tab.
      const concerns = (message: Message) => !oldest || message.delivery || compareMessages(message, oldest) >= 0;
      // What the platform has beyond is nothing to a tab that has not even all of ours.
      const kept = oldest && changes.state && { state: { ...changes.state, earlier: true } };
      port.post({ ...changes, ...kept, messages: changes.messages?.filter(concerns) });
    }
  }

  /** The page before `before`, or the newest. */
  function page(session: Session, tab: Tab, before: Message | null): Update {
    const all = sortedMessages(session.chat).filter((message) => !before || compareMessages(message, before) < 0);
    // What is on its way stands last, below what comes next: a page never begins there.
    const from = all.findLastIndex(({ delivery }) => delivery !== "sending") + 1 - PAGE;
    tab.oldest = from > 0 ? (all[from] as Message) : null;
    return { messages: all.slice(Math.max(0, from)), state: { earlier: from > 0 || session.chat.state.earlier } };
  }

  function perform(session: Session, asked: Asked): Promise<Settled> {
    const known = results.get(asked.id);
    if (known) return known;
    const result = session.dispatch(asked).then(
      (value): Settled => ({ ok: true, value }),
      (error): Settled => ({ ok: false, error: toErrorData(error) }),
    );
    results.set(asked.id, result);
    const [oldest = ""] = results.keys();
    if (results.size > REMEMBERED_RESULTS) results.delete(oldest);
    return result;
  }

  /** Seen in one tab is seen. */
  const toVisible = (): Extract<Command, { type: "visible" }> => ({
    type: "visible",
    on: [...tabs].some(({ visible }) => visible),
  });

  async function answer(session: Session, tab: Tab, { id, command, at, epoch }: ToCheck): Promise<Update> {
    const settle = (result: Settled): Update => ({ settled: { [id]: result } });
    const refuse = (code: ChatErrorCode) => settle({ ok: false, error: { code } });
    if (!isCommand(command)) return refuse("CHAT_UNSUPPORTED");
    // Typed in a conversation that has been erased since: it is not continued in another one.
    if (epoch && epoch !== session.chat.state.epoch) return refuse("CHAT_INTERRUPTED");
    if (command.type === "load-earlier" && (tab.oldest || !session.chat.state.earlier)) {
      return { ...(tab.oldest && page(session, tab, tab.oldest)), ...settle({ ok: true }) };
    }
    if (command.type !== "visible") return settle(await perform(session, { id, command, at }));
    tab.visible = command.on;
    return settle(await perform(session, { id, command: toVisible(), at }));
  }

  async function join(port: HubPort, first: unknown): Promise<(message: unknown) => Promise<void>> {
    const { tab: name, options } = checkJoin(first);
    opening ??= open(options);
    const session = await opening;
    const tab: Tab = { port, oldest: null, visible: false };
    const { messages, state } = page(session, tab, null);
    tabs.add(tab);
    port.post({ reset: true, messages, state: { ...session.chat.state, ...state } });
    void whenGone?.(name).then(() => {
      if (!tabs.delete(tab)) return;
      port.close();
      void session.dispatch({ id: name, command: toVisible(), at: Date.now() });
    });
    return async (message) => {
      const asked = toAsked(message);
      if (asked) port.post(await answer(session, tab, asked));
    };
  }

  return {
    accept(port) {
      let joined: ReturnType<typeof join> | null = null;
      port.listen((message) => {
        // Of a hub that has left nothing would come: the tab asks the next one again.
        if (closed) return;
        if (joined) {
          joined.then(
            // It may have left since, and what it would begin now nobody would end.
            (take) => (closed ? undefined : take(message)),
            () => {},
          );
          return;
        }
        joined = join(port, message);
        joined.catch((error) => port.post({ reset: true, state: { phase: "failed", reason: toErrorData(error) } }));
      });
    },
    close() {
      closed = true;
      for (const { port } of tabs) port.close();
      tabs.clear();
      void opening?.then((session) => session.stop());
    },
  };
}
