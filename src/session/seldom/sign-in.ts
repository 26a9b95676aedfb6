/** Signing in and out: Genesys exchanges what the identity provider gave; on a live connection the talk goes on. */
import type { ChatErrorCode } from "../../chat/advice.ts";
import { Failure } from "../../chat/failure.ts";
import type { SignIn } from "../../chat/profile.ts";
import type { Credentials } from "../protocol.ts";
import type { Inside } from "./inside.ts";

/**
 * What a session goes on with. `same`: the guest of before, in the same conversation. `anew`: no guest may sign in within a
 * conversation, and another begins. `again`: somebody was signed in, and only Genesys knows whether it is the same person.
 */
export interface SignedIn {
  credentials: Credentials;
  arrival: "same" | "anew" | "again";
}

/** What a dialect does of it; all of it over HTTP. */
export interface Exchange {
  /** Rejects with a Failure: CHAT_SIGN_IN_REFUSED where what the identity provider gave is not believed. */
  signIn(given: SignIn, held: Credentials): Promise<SignedIn>;
  /** Those of somebody else, with a conversation of his own. */
  asAnother(credentials: Credentials): Promise<Credentials>;
  /** Ends the session on all devices. Never rejects: who cannot be reached any more is signed out here. */
  signOut(held: Credentials): Promise<void>;
}

/** Resolves when Genesys knows the guest. Rejects as `Exchange.signIn` does: then everything is as it was. */
export async function signIn(given: SignIn, session: Inside, exchange: Exchange): Promise<void> {
  const { chat, emit, erase, keep, lifetime, loop, perform, platform, standing } = session;
  if (!standing().credentials) await connect(session);
  const { phase } = chat.state;
  // What is on its way would end with credentials of who the guest was.
  if (phase !== "live") loop.stop();
  const { credentials: held } = standing();
  let signedIn: SignedIn;
  try {
    if (!held) throw new Failure("CHAT_NO_SESSION");
    signedIn = await exchange.signIn(given, held);
  } catch (error) {
    if (phase === "connecting" || phase === "waiting") loop.start("start");
    throw error;
  }
  if (standing().credentials?.secrets.token !== held.secrets.token) throw new Failure("CHAT_INTERRUPTED");
  const { credentials, arrival } = signedIn;
  if (arrival === "anew") emit({ type: "began-anew", sentAt: platform.clock.now() + standing().skew });
  await keep({ credentials });
  try {
    if (chat.state.phase === "live" && arrival !== "anew") {
      await perform({ type: "sign-in", secrets: credentials.secrets }, lifetime);
    } else {
      loop.stop();
      await connect(session);
    }
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (arrival !== "again") {
      // Not here, then: the next connection must not ask for it again.
      await keep({ credentials: held });
      throw error;
    }
    // Somebody else, who must not see what is here.
    await erase();
    await keep({ credentials: await exchange.asAnother(credentials) });
    await connect(session);
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof Failure && (error.code === "CHAT_SIGN_IN_REFUSED" || error.code === "CHAT_SIGN_IN_NEEDED");

/** Connects, and resolves when Genesys has let the guest in. */
function connect({ chat, loop, watch }: Inside): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = watch(() => {
      const { phase, reason } = chat.state;
      if (phase === "connecting" || phase === "waiting") return;
      stop();
      if (phase === "live" || phase === "readonly") resolve();
      else reject(new Failure(reason?.code ?? ("CHAT_ENDED" satisfies ChatErrorCode), reason?.detail));
    });
    loop.start("start");
  });
}

/** Erased here whatever Genesys says: who signs out on a shared device must not be kept there. */
export async function signOut({ erase, standing }: Inside, exchange: Exchange): Promise<void> {
  const { credentials } = standing();
  if (credentials) await exchange.signOut(credentials).catch(() => {});
  // Genesys may have told all devices by now, and this one has done as it was told: what is here then is another's.
  if (standing().credentials?.secrets.token === credentials?.secrets.token) await erase();
}
