/** What `signIn` is told, and the check of it: all of a sign-in's safety hangs on these addresses. */
import { SignInError } from "./error.ts";

export interface SignInOptions {
  /** The provider's issuer, whose discovery document says where to go. It must allow CORS; if it does not, give `authorizationEndpoint`. */
  issuer?: string;
  /** Where the provider asks who somebody is. Nothing is fetched then. */
  authorizationEndpoint?: string;
  clientId: string;
  /** The address of `callback.html`, on this page's origin; may be relative. Registered with the provider, to the letter. */
  redirectUri: string;
  /** Default "openid". */
  scope?: string;
  /** More for the provider: `prompt`, `login_hint`, `ui_locales`, … */
  parameters?: Readonly<Record<string, string>>;
  /** In ms. Default 600,000. */
  timeoutMs?: number;
  /** Gives up, and closes the pop-up. */
  signal?: AbortSignal;
}

export interface Settings extends SignInOptions {
  /** Absolute. */
  redirectUri: string;
  scope: string;
  parameters: Readonly<Record<string, string>>;
  timeoutMs: number;
}

/** Those that a site may not set: they are made here, for each sign-in anew. */
const OWN = [
  "client_id",
  "code_challenge",
  "code_challenge_method",
  "nonce",
  "redirect_uri",
  "response_mode",
  "response_type",
  "scope",
  "state",
];

const wrong = (name: string, expected: string, given?: unknown): SignInError =>
  new SignInError(
    "CHAT_SIGN_IN_OPTIONS",
    `${name}: expected ${expected}${given === undefined ? "" : `, got ${given}`}`,
  );

/** https, or http on this machine: on its way to any other the code could be read. */
function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === "https:" ||
    (protocol === "http:" && /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
  );
}

/** Throws a SignInError that names the option. */
export function readOptions(given: SignInOptions): Settings {
  const { issuer, authorizationEndpoint, clientId, redirectUri, parameters = {}, timeoutMs = 600_000 } = given ?? {};
  if (!crypto.subtle) throw wrong("this page", "to be served over https");
  if (!authorizationEndpoint && !issuer) throw wrong("issuer", "a URL");
  for (const [name, url] of Object.entries({ issuer, authorizationEndpoint })) {
    if (url !== undefined && !isSafe(url)) throw wrong(name, "an https URL", url);
  }
  if (!clientId || typeof clientId !== "string") throw wrong("clientId", "the client's id at the provider");
  if (!redirectUri || !URL.canParse(redirectUri, document.baseURI))
    throw wrong("redirectUri", "the URL of callback.html");
  const redirect = new URL(redirectUri, document.baseURI);
  if (redirect.origin !== location.origin) throw wrong("redirectUri", `a page of ${location.origin}`, redirect.href);
  const own = Object.keys(parameters).find((name) => OWN.includes(name));
  if (own !== undefined) throw wrong(`parameters.${own}`, "to be left to signIn");
  if (!(timeoutMs > 0)) throw wrong("timeoutMs", "more than 0", timeoutMs);
  return { ...given, redirectUri: redirect.href, scope: given.scope ?? "openid", parameters, timeoutMs };
}
