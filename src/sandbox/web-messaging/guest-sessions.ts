/** The guest sessions of web messaging: by the token that each end has made up, and by who has signed in. */
import { Conversation } from "../conversation.ts";
import type { Session, Sessions } from "../sessions.ts";
import type { Content } from "./content.ts";
import type { Deployment } from "./deployment.ts";
import { push } from "./frames.ts";
import { GuestSession, type GuestSessionParts } from "./guest-session.ts";
import type { Told } from "./history.ts";
import type { SignedIn } from "./tokens.ts";
import type { Asker, Uploads } from "./uploads.ts";

export interface GuestSessions {
  /** That is not over. */
  find(deployment: Deployment, token: string): GuestSession | undefined;
  ofPerson(key: string): GuestSession | undefined;
  /** Whether a token has ever been that of a signed-in guest. */
  isSignedIn(deployment: Deployment, token: string): boolean;
  /** A new one for a token, in place of the one it had. */
  open(deployment: Deployment, token: string, origin: string, signedIn?: SignedIn): GuestSession;
  /** Another device of a signed-in guest. */
  join(guest: GuestSession, token: string): void;
  /** A guest session becomes a signed-in guest's. */
  signIn(guest: GuestSession, token: string, signedIn: SignedIn): void;
  /** It is over: for all devices, or expired. */
  end(guest: GuestSession): void;
  /** Empties a conversation on all devices. */
  clear(guest: GuestSession): void;
  /** What a session's guest has been told, with links that are good now; undefined when it is over. */
  read(sessionId: string): Told[] | undefined;
}

export interface GuestSessionsParts extends GuestSessionParts {
  sessions: Sessions;
  uploads: Uploads;
  /** Lets the bot take part, where there is one. */
  attachBot(session: Session): void;
}

const NAMELESS = "Web Guest";

const toName = ({ firstName, lastName, email }: SignedIn): string =>
  [firstName, lastName].filter(Boolean).join(" ") || (email ?? NAMELESS);

export function createGuestSessions(parts: GuestSessionsParts): GuestSessions {
  const { clock, randomId, sessions, uploads } = parts;
  const byToken = new Map<string, GuestSession>();
  const byPerson = new Map<string, GuestSession>();
  const byId = new Map<string, { guest: GuestSession; asker: Asker }>();
  const signedInTokens = new Set<string>();

  const keyOf = ({ id }: Deployment, token: string): string => JSON.stringify([id, token]);

  const end = (guest: GuestSession) => {
    guest.end();
    byId.delete(guest.session.id);
    for (const [key, each] of byToken) if (each === guest) byToken.delete(key);
    for (const [key, each] of byPerson) if (each === guest) byPerson.delete(key);
  };
  const clear = (guest: GuestSession) => {
    guest.tell(push("SessionClearedEvent"));
    guest.dismissAll();
    end(guest);
  };
  const signIn = (guest: GuestSession, token: string, signedIn: SignedIn) => {
    guest.signedIn = signedIn;
    byPerson.set(signedIn.key, guest);
    signedInTokens.add(keyOf(guest.deployment, token));
    sessions.change(guest.session, { name: toName(signedIn) });
  };
  const freshen = (asker: Asker, content: Content): Content => {
    if (content.contentType !== "Attachment") return content;
    const sent = uploads.send(asker, (content as Extract<Content, { contentType: "Attachment" }>).attachment.id);
    return sent.ok ? { contentType: "Attachment", attachment: sent.body } : content;
  };

  uploads.listen((owner, event) => {
    byId.get(owner)?.guest.tell(push("errorCode" in event ? "UploadFailureEvent" : "UploadSuccessEvent", event));
  });

  return {
    end,
    clear,
    signIn,
    find: (deployment, token) => byToken.get(keyOf(deployment, token)),
    ofPerson: (key) => byPerson.get(key),
    isSignedIn: (deployment, token) => signedInTokens.has(keyOf(deployment, token)),
    join(guest, token) {
      const key = keyOf(guest.deployment, token);
      byToken.set(key, guest);
      signedInTokens.add(key);
    },
    open(deployment, token, origin, signedIn) {
      const { enabled, type } = deployment.disconnect;
      const session: Session = {
        id: randomId(),
        protocol: "web-messaging",
        guest: { id: randomId(), name: NAMELESS, attributes: {} },
        conversation: new Conversation(clock, randomId),
        web: {
          deployment: deployment.id,
          leaving: enabled ? type : "Send",
          textChars: deployment.limits.agentTextChars,
          offer: async (file) => ({ contentType: "Attachment", attachment: await uploads.offer(asker, file) }),
          clear: () => clear(guest),
        },
      };
      const asker: Asker = { owner: session.id, deployment, origin };
      sessions.add(session);
      const guest = new GuestSession(parts, deployment, session, () => end(guest));
      byToken.set(keyOf(deployment, token), guest);
      byId.set(session.id, { guest, asker });
      if (signedIn) signIn(guest, token, signedIn);
      parts.attachBot(session);
      return guest;
    },
    read(sessionId) {
      const { guest, asker } = byId.get(sessionId) ?? {};
      if (!guest || !asker) return undefined;
      return guest.kept.map(({ body, tracingId }) => {
        const content = body.content as readonly Content[] | undefined;
        return { tracingId, body: content ? { ...body, content: content.map((each) => freshen(asker, each)) } : body };
      });
    },
  };
}
