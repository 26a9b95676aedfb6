/** Who has come: guests, their sessions, and which conversation each belongs to. */
import type { Conversation } from "./conversation.ts";

export interface Guest {
  id: string;
  name: string;
  attributes: Record<string, unknown>;
  routing: { queue: string; skill: string; language: string };
}

export interface Session {
  id: string;
  protocol: "guest-api";
  guest: Guest;
  /** Shared by all sessions that continue one another. */
  conversation: Conversation;
}

export interface Sessions {
  /** Makes a guest and its session. A guest of `continuedFrom` that is known lends its conversation. */
  create(guest: Omit<Guest, "id">, continuedFrom?: string): Session;
  /** The guest and its session, by the guest's id. */
  ofGuest(guestId: string): Session | undefined;
  find(sessionId: string): Session | undefined;
  /** Oldest first. */
  all(): Session[];
  /** Replaces the attributes of a session's guest. */
  setAttributes(session: Session, attributes: Record<string, unknown>): void;
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
  return {
    create(guest, continuedFrom) {
      const before = continuedFrom === undefined ? undefined : byGuest.get(continuedFrom);
      const session: Session = {
        id: randomId(),
        protocol: "guest-api",
        guest: { id: randomId(), ...guest },
        conversation: before?.conversation ?? createConversation(),
      };
      byGuest.set(session.guest.id, session);
      byId.set(session.id, session);
      tell(session);
      return session;
    },
    ofGuest: (guestId) => byGuest.get(guestId),
    find: (sessionId) => byId.get(sessionId),
    all: () => [...byId.values()],
    setAttributes(session, attributes) {
      session.guest.attributes = attributes;
      tell(session);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
