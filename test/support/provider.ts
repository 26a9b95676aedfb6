/** An identity provider for tests: real keys, its discovery document and key set as answers, and ID tokens of any kind. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from "jose";

export const CLIENT = "chat-client";
export const NONCE = "nonce-1";
export const EMAIL = "canary-person@mail.example";

type Serve = (request: Request) => Response | Promise<Response>;

export interface Signing {
  header?: Partial<JWTHeaderParameters>;
  key?: CryptoKey | Uint8Array;
}

export interface Provider {
  issuer: string;
  /** By whole URL. */
  served: Map<string, Serve>;
  /** What was asked for, in order. */
  asked: string[];
  keys: JWK[];
  /** Throws for a URL that is not served. */
  fetch: Serve;
  /** An ID token of RS256 that a broker accepts, but for what is changed; `undefined` takes a claim away. */
  sign(claims?: Record<string, unknown>, signing?: Signing): Promise<string>;
}

// Making RSA keys is slow: one pair for all.
const pairs = new Map<string, Promise<{ privateKey: CryptoKey; jwk: JWK }>>();
export const pairOf = (alg: string) => {
  const made = pairs.get(alg) ?? makePair(alg);
  pairs.set(alg, made);
  return made;
};
async function makePair(alg: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: alg, alg, use: "sig" } };
}

/** `now` in ms since the epoch. */
export async function createProvider(
  issuer: string,
  { jwks = `${issuer}/jwks`, now = Date.now }: { jwks?: string; now?: () => number } = {},
): Promise<Provider> {
  const { privateKey, jwk } = await pairOf("RS256");
  const provider: Provider = {
    issuer,
    asked: [],
    keys: [jwk],
    served: new Map<string, Serve>([
      [`${issuer}/.well-known/openid-configuration`, () => Response.json({ issuer, jwks_uri: jwks })],
      [jwks, () => Response.json({ keys: provider.keys })],
    ]),
    fetch(request) {
      provider.asked.push(request.url);
      const serve = provider.served.get(request.url);
      if (!serve) throw new Error(`unexpected ${request.url}`);
      return serve(request);
    },
    sign(claims = {}, { header = {}, key = privateKey } = {}) {
      const iat = Math.floor(now() / 1000);
      const usual = {
        iss: issuer,
        aud: CLIENT,
        sub: "canary-person-7",
        nonce: NONCE,
        iat,
        exp: iat + 300,
        jti: crypto.randomUUID(),
      };
      return new SignJWT({ ...usual, email: EMAIL, email_verified: true, ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "RS256", ...header })
        .sign(key);
    },
  };
  return provider;
}

/** One on a port of this machine. */
export async function serveProvider(): Promise<Provider & { close(): Promise<void> }> {
  let provider: Provider | undefined;
  const answer: Serve = (request) => provider?.fetch(request) ?? new Response(null, { status: 503 });
  const server = createServer(getRequestListener(answer));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  provider = await createProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant`);
  return Object.assign(provider, {
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
