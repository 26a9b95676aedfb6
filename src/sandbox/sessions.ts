/** Who has come: guests, their sessions, and which conversation each belongs to. */
import type { Conversation } from "./conversation.ts";
import type { Content } from "./web-messaging/content.ts";

export type ProtocolName = "guest-api" | "web-messaging";

export interface Guest {
  id: string;
  name: string;
  attributes: Record<string, unknown>;
  /** Where the guest's page says so; in web messaging the deployment does. */
  routing?: { queue: string; skill: string; language: string };
}

export interface Session {
  id: string;
  protocol: ProtocolName;
  guest: Guest;
  /** Shared by all sessions that continue one another. */
  conversation: Conversation;
  /** Only of web messaging. */
  web?: WebSide;
}

/** What an agent finds in a session of web messaging beyond words. */
export interface WebSide {
  /** Of the deployment. */
  deployment: string;
  /** Whether the guest may write on when the agent has left. */
  leaving: "ReadOnly" | "Send";
  /** Of an agent's text, at most. */
  textChars: number;
  /** Keeps a file for the guest to fetch. */
  offer(file: { fileName: string; fileType: string; bytes: Uint8Array<ArrayBuffer> }): Promise<Content>;
  /** Empties the conversation on all of the guest's devices. */
  clear(): void;
}

export interface Sessions {
  /** Makes a guest and its session. A guest of `continuedFrom` that is known lends its conversation. */
  create(guest: Omit<Guest, "id">, continuedFrom?: string): Session;
  /** One that its dialect has made. */
  add(session: Session): void;
  /** The guest and its session, by the guest's id. */
  ofGuest(guestId: string): Session | undefined;
  find(sessionId: string): Session | undefined;
  /** Oldest first. */
  all(): Session[];
  /** Changes what is known of a session's guest. */
  change(session: Session, changes: Partial<Omit<Guest, "id">>): void;
  /** Called when a session is made and when its guest has changed. Returns the un-listen. */
  listen(listener: (session: Session) => void): () => void;
}

export function createSessions(randomId: () => string, createConversation: () => Conversation): Sessions {
  const byGuest = new Map<string, Session>();
  const byId = new Map<string, Session>();
  const listeners = new Set<(session: Session) => void>();
  const tell = (session: Session) => {
    for (const listener of [...listeners]) listener(session);
  };
  const add = (session: Session) => {
    byGuest.set(session.guest.id, session);
    byId.set(session.id, session);
    tell(session);
  };
  return {
    add,
    create(guest, continuedFrom) {
      const before = continuedFrom === undefined ? undefined : byGuest.get(continuedFrom);
      const session: Session = {
        id: randomId(),
        protocol: "guest-api",
        guest: { id: randomId(), ...guest },
        conversation: before?.conversation ?? createConversation(),
      };
      add(session);
      return session;
    },
    ofGuest: (guestId) => byGuest.get(guestId),
    find: (sessionId) => byId.get(sessionId),
    all: () => [...byId.values()],
    change(session, changes) {
      Object.assign(session.guest, changes);
      tell(session);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
