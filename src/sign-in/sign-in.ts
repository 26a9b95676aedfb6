/** signIn: an OpenID provider asks in a pop-up who the guest is, and gives a code that only this page can use (PKCE, RFC 7636). */
import { type Answer, isAnswer, openChannel, TAKEN } from "./channel.ts";
import { discover } from "./discover.ts";
import { SignInError } from "./error.ts";
import { readOptions, type Settings, type SignInOptions } from "./options.ts";
import { openPopUp, type PopUp } from "./pop-up.ts";
import { createSecret, toChallenge } from "./secrets.ts";

export { SignInError, type SignInErrorCode } from "./error.ts";
export type { SignInOptions } from "./options.ts";

/** For the element's `signIn` or `identify`: whoever exchanges the code needs all four. */
export interface SignedIn {
  code: string;
  redirectUri: string;
  codeVerifier: string;
  nonce: string;
}

/** One at a time: the next one ends the one before. */
let current = new AbortController();

/**
 * To be called in the click itself: a browser opens no window later. Rejects with a SignInError. `callback.html` and
 * `callback.js` of this package lie on this page's own origin, at `redirectUri`.
 */
export async function signIn(options: SignInOptions): Promise<SignedIn> {
  const settings = readOptions(options);
  current.abort();
  current = new AbortController();
  const signal = AbortSignal.any([current.signal, ...(settings.signal ? [settings.signal] : [])]);
  if (signal.aborted) throw new SignInError("CHAT_SIGN_IN_CLOSED");

  const popup = openPopUp();
  const [state, nonce, codeVerifier] = [createSecret(), createSecret(), createSecret()];
  const channel = openChannel(state);
  try {
    const answer = waitForAnswer(channel, popup, settings.timeoutMs, signal);
    // Which may be over before there is an address to go to.
    const url = toUrl(settings, { state, nonce, codeVerifier }, signal);
    popup.go(await Promise.race([url, answer.then(() => url)]));
    const code = readCode(await answer, settings);
    return { code, redirectUri: settings.redirectUri, codeVerifier, nonce };
  } finally {
    channel.close();
    popup.close();
  }
}

async function toUrl(
  { issuer = "", authorizationEndpoint, clientId, redirectUri, scope, parameters }: Settings,
  { state, nonce, codeVerifier }: { state: string; nonce: string; codeVerifier: string },
  signal: AbortSignal,
): Promise<string> {
  const url = new URL(authorizationEndpoint ?? (await discover(issuer, signal)));
  const asked = {
    ...parameters,
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await toChallenge(codeVerifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

function waitForAnswer(
  channel: BroadcastChannel,
  popup: PopUp,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  const waiting = new Promise<Answer>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      unwatch();
      signal.removeEventListener("abort", giveUp);
    };
    const end = (error: SignInError) => {
      stop();
      reject(error);
    };
    const giveUp = () => end(new SignInError("CHAT_SIGN_IN_CLOSED"));
    const timer = setTimeout(() => end(new SignInError("CHAT_SIGN_IN_TIMEOUT")), timeoutMs);
    const unwatch = popup.whenClosed(giveUp);
    signal.addEventListener("abort", giveUp);
    channel.onmessage = ({ data }) => {
      if (!isAnswer(data)) return;
      channel.postMessage(TAKEN);
      stop();
      resolve(data);
    };
  });
  // It may reject while nobody awaits it yet.
  waiting.catch(() => {});
  return waiting;
}

function readCode({ code, iss, error, description }: Answer, { issuer }: Settings): string {
  if (code === undefined) {
    throw new SignInError("CHAT_SIGN_IN_DENIED", [error, description].filter(Boolean).join(": ").slice(0, 300));
  }
  // RFC 9207: a provider that is not the one that was asked must not get what is meant for it.
  if (iss !== undefined && issuer !== undefined && iss !== issuer) {
    throw new SignInError("CHAT_SIGN_IN_DENIED", `The answer is of another issuer, ${iss.slice(0, 300)}.`);
  }
  return code;
}
