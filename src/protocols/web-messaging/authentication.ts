/** Genesys' token service: what an identity provider gave becomes a JWT that lets a guest in; renewed, and revoked on all devices. */
import type { ChatErrorCode } from "../../chat/advice.ts";
import type { SignIn } from "../../chat/profile.ts";
import type { Platform } from "../../session/platform.ts";
import { ConnectionFailure, type Credentials } from "../../session/protocol.ts";
import { toRetryAfter } from "../../session/retry-after.ts";
import type { SignedIn } from "../../session/seldom/sign-in.ts";
import { isPlain, isText } from "../../shape.ts";

/** What is remembered of a signed-in guest while the hub lives: a JWT is never kept. */
export interface Login {
  jwt?: string;
  /** Genesys has refused the JWT so often since it last took one. */
  refusals: number;
}

export interface TokenCall {
  /** Origin of REST. */
  api: string;
  deploymentId: string;
  platform: Platform;
  signal?: AbortSignal;
}

const ANSWER_MS = 10_000;
/** A JWT that is refused is renewed so often; then the guest is asked. */
const RENEWALS = 3;

/** Throws CHAT_SIGN_IN_REFUSED where Genesys does not believe it. `stepUp`: a guest in a conversation may sign in. */
export async function signIn(
  given: SignIn,
  held: Credentials,
  call: TokenCall,
  login: Login,
  stepUp: boolean,
): Promise<SignedIn> {
  const { deploymentId } = call;
  const answer = await ask(call, "POST", "oauthcodegrantjwtexchange", { deploymentId, oauth: toOauth(given) });
  const { jwt } = answer.json;
  if (!answer.ok || !isText(jwt)) throw toFailure(answer, "CHAT_SIGN_IN_REFUSED");
  login.jwt = jwt;
  login.refusals = 0;
  const { refreshToken } = answer.json;
  const { refreshToken: _, ...secrets } = held.secrets;
  const arrival = secrets.signedIn !== undefined ? "again" : stepUp ? "same" : "anew";
  const credentials = {
    ...held,
    secrets: { ...secrets, signedIn: "yes", ...(isText(refreshToken) && { refreshToken }) },
  };
  return { arrival, credentials: arrival === "anew" ? asAnother(credentials, call.platform, login) : credentials };
}

/** Whoever has the token has the conversation: another's begins with another. */
export function asAnother(credentials: Credentials, platform: Platform, login: Login): Credentials {
  const { deployment, signedIn, refreshToken } = credentials.secrets;
  login.refusals = 0;
  return {
    ...credentials,
    secrets: {
      token: platform.randomId(),
      ...(deployment !== undefined && { deployment }),
      ...(signedIn !== undefined && { signedIn }),
      ...(refreshToken !== undefined && { refreshToken }),
    },
  };
}

/**
 * A JWT in memory that Genesys may take. Throws CHAT_SIGN_IN_NEEDED where only the guest can get the next; a refresh token
 * that Genesys takes no more is forgotten.
 */
export async function renew(
  held: Credentials,
  call: TokenCall,
  login: Login,
  save: (secrets: Credentials["secrets"]) => void,
): Promise<void> {
  const { refreshToken, ...secrets } = held.secrets;
  if (refreshToken === undefined || login.refusals > RENEWALS) throw toNeeded();
  const answer = await ask(call, "POST", "refresh", { refreshToken, deploymentId: call.deploymentId });
  const { jwt } = answer.json;
  login.jwt = undefined;
  if (answer.ok && isText(jwt)) {
    login.jwt = jwt;
    return;
  }
  const failure = toFailure(answer, "CHAT_SIGN_IN_NEEDED");
  if (failure.code === "CHAT_SIGN_IN_NEEDED") save(secrets);
  throw failure;
}

/** Never rejects: who cannot be reached any more is signed out here. */
export async function signOut(held: Credentials, call: TokenCall, login: Login): Promise<void> {
  login.refusals = 0;
  try {
    for (let attempt = 0; attempt <= RENEWALS; attempt += 1) {
      if (login.jwt === undefined) await renew(held, call, login, () => {});
      const { status } = await ask(call, "DELETE", "revoke", undefined, login.jwt);
      if (status !== 401) break;
      login.jwt = undefined;
    }
  } catch {
    // As promised.
  }
  login.jwt = undefined;
}

interface TokenAnswer {
  status: number;
  ok: boolean;
  /** Empty where the body is none. */
  json: Readonly<Record<string, unknown>>;
  /** ms. */
  retryAfter?: number;
}

async function ask(
  { api, platform, signal }: TokenCall,
  method: string,
  path: string,
  body?: unknown,
  jwt?: string,
): Promise<TokenAnswer> {
  const over = new AbortController();
  const giveUp = () => over.abort();
  const cancel = platform.clock.after(ANSWER_MS, giveUp);
  signal?.addEventListener("abort", giveUp);
  try {
    const response = await platform.fetch(`${api}/api/v2/webdeployments/token/${path}`, {
      method,
      headers: {
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(jwt !== undefined && { Authorization: `Bearer ${jwt}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      redirect: "error",
      signal: over.signal,
    });
    const { ok, status, headers } = response;
    return {
      ok,
      status,
      json: parse(await response.text()),
      retryAfter: toRetryAfter(headers.get("Retry-After"), platform.clock.now()),
    };
  } catch {
    throw new ConnectionFailure("CHAT_DEPLOYMENT_UNREACHABLE", api, {});
  } finally {
    cancel();
    signal?.removeEventListener("abort", giveUp);
  }
}

function parse(text: string): TokenAnswer["json"] {
  try {
    const json: unknown = JSON.parse(text);
    return isPlain(json) ? json : {};
  } catch {
    return {};
  }
}

/** Only what Genesys knows. */
function toOauth(given: SignIn): Record<string, string | undefined> {
  if ("idToken" in given) return { idToken: given.idToken, nonce: given.nonce };
  const { code, redirectUri, codeVerifier, nonce } = given;
  return { code, redirectUri, codeVerifier, nonce };
}

function toFailure({ ok, status, json, retryAfter }: TokenAnswer, refused: ChatErrorCode): ConnectionFailure {
  // A captive portal answers 200 with a page of its own.
  if (ok) return new ConnectionFailure("CHAT_DEPLOYMENT_UNREACHABLE", "no jwt in the answer", {});
  const detail = [status, isText(json.code) && json.code].filter(Boolean).join(" ");
  if (status >= 500 || status === 429 || status === 408) {
    return new ConnectionFailure("CHAT_UNAVAILABLE", detail, { status, retryAfter });
  }
  if (refused === "CHAT_SIGN_IN_NEEDED") return toNeeded(detail);
  return new ConnectionFailure(refused, detail, { status, decision: { do: "stop" } });
}

const toNeeded = (detail?: string): ConnectionFailure =>
  Object.assign(new ConnectionFailure("CHAT_SIGN_IN_NEEDED", detail, { decision: { do: "stop" } }), {
    more: { guest: "Please sign in again to go on." },
  });
