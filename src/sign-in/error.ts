/** SignInError: why a sign-in came to nothing, with a stable code. */

/** By code, for the site's developer. A code never changes its meaning. */
const ADVICE = {
  CHAT_SIGN_IN_OPTIONS: "signIn was not called as it can be.",
  CHAT_SIGN_IN_BLOCKED: "The browser blocked the pop-up: call signIn in the click itself, before anything is awaited.",
  CHAT_SIGN_IN_CLOSED: "The guest closed the pop-up, or it was given up.",
  CHAT_SIGN_IN_DENIED: "The identity provider did not sign the guest in.",
  CHAT_SIGN_IN_PROVIDER: "The identity provider's configuration could not be had: give authorizationEndpoint instead.",
  CHAT_SIGN_IN_TIMEOUT: "The guest did not sign in in time.",
} as const;

export type SignInErrorCode = keyof typeof ADVICE;

/** What `signIn` rejects with. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly code: SignInErrorCode;
  /** What exactly it was: of CHAT_SIGN_IN_DENIED the provider's own `error` and its description. */
  readonly detail: string | undefined;

  constructor(code: SignInErrorCode, detail?: string) {
    super(`${code}: ${ADVICE[code]}${detail ? ` ${detail}` : ""}`);
    this.code = code;
    this.detail = detail;
  }
}
