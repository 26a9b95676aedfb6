/** An OpenID provider for the demo and its tests: oidc-provider with one public client, PKCE, and one form that believes any name. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import type { Configuration, JWK, Provider } from "oidc-provider";

export const CLIENT_ID = "genesys-guest-chat-demo";

export interface IdentityProvider {
  issuer: string;
  clientId: string;
  authorizationEndpoint: string;
  /** Undefined for a request that is not the provider's. */
  listenerFor(request: IncomingMessage): RequestListener | undefined;
}

export interface IdentityProviderOptions {
  /** Where guests may be sent back to, to the letter. */
  redirectUris: string[];
  /** Its pages cut themselves off from whoever has opened them, as those of large providers do. Default true. */
  severs?: boolean;
}

const BODY_BYTES = 1024;

const page = (action: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Sign in</title>
  </head>
  <body>
    <h1>Sign in</h1>
    <p>A provider for trying things out: it believes whatever you say.</p>
    <form method="post" action="${action}">
      <label>Your name <input name="name" maxlength="60" autocomplete="off" required autofocus /></label>
      <button name="do" value="sign-in">Sign in</button>
      <button name="do" value="cancel" formnovalidate>Cancel</button>
    </form>
  </body>
</html>
`;

/** What it knows of somebody is in his id: "ada-guest". */
const toId = (name: string): string =>
  name
    .toLowerCase()
    .match(/[a-z0-9]+/g)
    ?.join("-") ?? "guest";

function toClaims(sub: string) {
  const [given_name = sub, ...rest] = sub.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const family_name = rest.join(" ");
  const name = [given_name, ...rest].join(" ");
  return { sub, name, given_name, family_name, email: `${sub}@mail.example`, email_verified: true };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
    if (body.length > BODY_BYTES) throw new RangeError("too large");
  }
  return new URLSearchParams(body);
}

/** The package warns of every Node that is not the newest, and of what is meant for trying things out; this is. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { warn, info } = console;
  const isOurs = ([text]: unknown[]) => !String(text).includes("oidc-provider");
  console.warn = (...given) => isOurs(given) && warn(...given);
  console.info = (...given) => isOurs(given) && info(...given);
  try {
    return await run();
  } finally {
    Object.assign(console, { warn, info });
  }
}

async function createProvider(issuer: string, redirectUris: string[]): Promise<Provider> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const configuration: Configuration = {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: "none",
        redirect_uris: redirectUris,
        grant_types: ["authorization_code"],
        response_types: ["code"],
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: "demo" } as JWK] },
    cookies: { keys: [crypto.randomUUID()] },
    claims: { openid: ["sub"], profile: ["name", "given_name", "family_name"], email: ["email", "email_verified"] },
    // Genesys reads who somebody is in the ID token alone.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `${new URL(issuer).pathname}/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => toClaims(sub) }),
    // Whoever has signed in has agreed.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId, accountId: oidc.session?.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
    renderError: (ctx, out) => {
      ctx.type = "text";
      ctx.body = `${out.error}: ${out.error_description ?? ""}`;
    },
  };
  return quietly(async () => {
    const { Provider } = await import("oidc-provider");
    return new Provider(issuer, configuration);
  });
}

/** `issuer`: where the server that asks `listenerFor` has it, with a path of its own. */
export async function createIdentityProvider(
  issuer: string,
  { redirectUris, severs = true }: IdentityProviderOptions,
): Promise<IdentityProvider> {
  const provider = await createProvider(issuer, redirectUris);
  const answer = provider.callback();
  const { pathname } = new URL(issuer);

  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST") {
      const { uid } = await provider.interactionDetails(request, response);
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.setHeader("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
      response.end(page(`${pathname}/interaction/${uid}`));
      return;
    }
    const form = await readForm(request);
    const isDone = form.get("do") === "sign-in";
    const result = isDone
      ? { login: { accountId: toId(form.get("name") ?? "") } }
      : { error: "access_denied", error_description: "The guest has cancelled" };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };

  const listener: RequestListener = (request, response) => {
    if (severs) response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cache-Control", "no-store");
    const path = request.url?.slice(pathname.length) ?? "/";
    if (!path.startsWith("/interaction/")) {
      // By the two it knows that it does not lie at the root.
      Object.assign(request, { originalUrl: request.url, url: path });
      void answer(request, response);
      return;
    }
    interact(request, response).catch(() => {
      response.statusCode = 400;
      response.end("This sign-in is over. Please close the window and try again.");
    });
  };

  return {
    issuer,
    clientId: CLIENT_ID,
    authorizationEndpoint: `${issuer}/auth`,
    listenerFor: ({ url }) => (url?.startsWith(`${pathname}/`) ? listener : undefined),
  };
}
