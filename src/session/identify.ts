/** Identify: tells Genesys over the broker who the guest is. A chunk of its own, since few pages do it. */
import type { Chat } from "../chat/chat.ts";
import { Failure } from "../chat/failure.ts";
import type { Identity, Profile } from "../chat/profile.ts";
import type { Access, AccessRequest } from "./access.ts";
import type { LiveConnection } from "./live-connection.ts";
import type { Loop } from "./loop.ts";
import { ConnectionFailure, type Errands } from "./protocol.ts";

/** Of the session. */
export interface Identification extends Pick<AccessRequest, "standing" | "keep" | "note"> {
  access: Access;
  chat: Readonly<Chat>;
  live: LiveConnection;
  loop: Loop;
  errands(): Promise<Errands>;
}

/** Rejects with a Failure. The answer's credentials take the place of those that it was asked for with. */
export async function identify(identity: Identity, session: Identification): Promise<Profile> {
  const { access, chat, live, loop, standing, keep, errands, note } = session;
  const attempt = () =>
    access.inTurn(async () => {
      const held = standing().credentials;
      const { profile, credentials } = await (await errands()).identify(identity, held);
      if (standing().credentials !== held) throw new Failure("CHAT_INTERRUPTED");
      await keep({ credentials });
      note("profile_synced", { provider_id: profile.providerId });
      return profile;
    });

  if (!standing().credentials && ["connecting", "waiting"].includes(chat.state.phase)) await live.next();
  try {
    return await attempt();
  } catch (error) {
    const isGone = error instanceof ConnectionFailure && error.circumstances.decision?.do === "refresh";
    if (!isGone) throw error;
    // The guest is gone at Genesys: the broker makes another.
    await loop.refresh();
    return attempt();
  }
}
