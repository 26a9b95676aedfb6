/** The desk: all conversations as the agents see them, and each change of one. */
import type { Conversation, Message } from "../conversation.ts";
import type { SandboxClock } from "../options.ts";
import type { Guest, ProtocolName, Session, Sessions } from "../sessions.ts";
import { type AgentAction, performAgentAction } from "./agent.ts";
import { keepStanding, type Standing, type StandingKeeper } from "./standing.ts";

/** One conversation, without what was said. Times in ms since the epoch. */
export interface DeskConversation extends Standing {
  /** Of its first session: stays when the guest's token, and so his session, is renewed. */
  id: string;
  guest: Pick<Guest, "id" | "name" | "attributes" | "routing">;
  protocol: ProtocolName;
  /** Of web messaging. */
  deployment?: string;
  /** Names of the agents who take part. */
  agents: readonly string[];
}

export type DeskMessage = Omit<Message, "clientId">;

/** What has changed: the conversation as it is now, and the messages that have come. */
export interface DeskChange {
  conversation: DeskConversation;
  messages: DeskMessage[];
}

export interface Desk {
  /** Oldest first, with all messages. */
  list(): DeskChange[];
  /** How the conversation stands that a session belongs to. */
  of(session: Session): DeskConversation;
  /** Carries an action out; only for a conversation that is not read-only. */
  perform(session: Session, action: AgentAction): Promise<void>;
  /** Returns the un-listen. */
  listen(listener: (change: DeskChange) => void): () => void;
}

interface Entry {
  id: string;
  /** Its first. */
  session: Session;
  conversation: Conversation;
  /** Of the newest session. */
  guest: Guest;
  standing: StandingKeeper;
}

const toDeskMessage = ({ clientId: _, ...message }: Message): DeskMessage => message;

export function createDesk(sessions: Sessions, clock: SandboxClock, hasBot: boolean): Desk {
  const entries = new Map<Conversation, Entry>();
  const listeners = new Set<(change: DeskChange) => void>();

  const toDeskConversation = ({ id, session, conversation, guest, standing }: Entry): DeskConversation => ({
    id,
    protocol: session.protocol,
    ...(session.web && { deployment: session.web.deployment }),
    guest: { id: guest.id, name: guest.name, attributes: guest.attributes, routing: guest.routing },
    agents: conversation.agents,
    ...standing.current,
  });
  const tell = (entry: Entry, message?: Message) => {
    const change = { conversation: toDeskConversation(entry), messages: message ? [toDeskMessage(message)] : [] };
    for (const listener of [...listeners]) listener(change);
  };

  // There from the moment on when the session is made.
  const find = ({ conversation }: Session): Entry => entries.get(conversation) as Entry;

  sessions.listen((session) => {
    const { id, conversation, guest } = session;
    const known = entries.get(conversation);
    if (known) {
      known.guest = guest;
      return tell(known);
    }
    const standing = keepStanding(conversation, {
      clock,
      hasBot,
      told: (event) => tell(entry, event?.type === "message" ? event.message : undefined),
    });
    const entry: Entry = { id, session, conversation, guest, standing };
    entries.set(conversation, entry);
    tell(entry);
  });

  return {
    list: () =>
      [...entries.values()].map((entry) => ({
        conversation: toDeskConversation(entry),
        messages: entry.conversation.messages.map(toDeskMessage),
      })),
    of: (session) => toDeskConversation(find(session)),
    perform: (session, action) => performAgentAction(session, find(session).standing, action),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
