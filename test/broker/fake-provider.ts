/** An identity provider for the broker's tests: real keys, served by a fetch as discovery finds them, and a bench that believes it. */
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from "jose";
import type { BrokerOptions } from "../../src/broker/broker.ts";
import { type Bench, createBench } from "./support.ts";

export const ISSUER = "https://login.example/tenant";
export const CLIENT = "chat-client";
export const NONCE = "nonce-1";
export const EMAIL = "canary-person@mail.example";
export const METADATA = `${ISSUER}/.well-known/openid-configuration`;
export const JWKS = "https://keys.example/jwks?p=1";

type Serve = (request: Request) => Response | Promise<Response>;

export interface Signing {
  header?: Partial<JWTHeaderParameters>;
  key?: CryptoKey | Uint8Array;
}

export interface Provider {
  /** What is asked for by whole URL; anything else fails the test. */
  served: Map<string, Serve>;
  /** What was asked for, in order. */
  asked: string[];
  keys: JWK[];
  /** An ID token of RS256 that the bench's broker accepts, but for what is changed; `undefined` takes a claim away. */
  sign(claims?: Record<string, unknown>, signing?: Signing): Promise<string>;
}

export interface ProviderBench extends Bench {
  provider: Provider;
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

export async function createProviderBench(options: Partial<BrokerOptions> = {}): Promise<ProviderBench> {
  const { privateKey, jwk } = await pairOf("RS256");
  const keys = [jwk];
  const asked: string[] = [];
  const served = new Map<string, Serve>([
    [METADATA, () => Response.json({ issuer: ISSUER, jwks_uri: JWKS })],
    [JWKS, () => Response.json({ keys })],
  ]);
  const bench: Bench = createBench({
    oidc: { issuer: ISSUER, clientId: CLIENT },
    fetch: (request) => {
      if (request.url.startsWith("https://acme.mypurecloud.com/")) return bench.genesys.fetch(request);
      asked.push(request.url);
      const serve = served.get(request.url);
      if (!serve) throw new Error(`unexpected ${request.url}`);
      return serve(request);
    },
    ...options,
  });
  const sign: Provider["sign"] = async (claims = {}, { header = {}, key = privateKey } = {}) => {
    const iat = Math.floor(bench.clock.now() / 1000);
    const usual = {
      iss: ISSUER,
      aud: CLIENT,
      sub: "canary-person-7",
      nonce: NONCE,
      iat,
      exp: iat + 300,
      jti: crypto.randomUUID(),
    };
    const token = await new SignJWT({ ...usual, email: EMAIL, email_verified: true, ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "RS256", ...header })
      .sign(key);
    bench.genesys.secrets.push(token);
    return token;
  };
  return Object.assign(bench, { provider: { served, asked, keys, sign } });
}
