/** Identify: tells Genesys over the broker who the guest is. A chunk of its own, since few pages do it. */
import { Failure } from "../chat/failure.ts";
import type { Identity, Profile } from "../chat/profile.ts";
import type { Access, AccessRequest } from "./access.ts";
import { ConnectionFailure } from "./protocol.ts";

export interface Identification
  extends Pick<Access, "inTurn" | "errand">,
    Pick<AccessRequest, "standing" | "keep" | "note"> {
  /** For a guest that is gone at Genesys: has another one made. */
  refresh(): Promise<void>;
}

/** Rejects with a Failure. The answer's credentials take the place of those that it was asked for with. */
export async function identify(identity: Identity, session: Identification): Promise<Profile> {
  const { inTurn, errand, standing, keep, note, refresh } = session;
  const attempt = () =>
    inTurn(async () => {
      const held = standing().credentials;
      const { profile, credentials } = await errand(held, (errands, own) => errands.identify(identity, own));
      if (standing().credentials !== held) throw new Failure("CHAT_INTERRUPTED");
      await keep({ credentials });
      note("profile_synced", { provider_id: profile.providerId });
      return profile;
    });
  try {
    return await attempt();
  } catch (error) {
    const isGone = error instanceof ConnectionFailure && error.circumstances.decision?.do === "refresh";
    if (!isGone) throw error;
    await refresh();
    return attempt();
  }
}
