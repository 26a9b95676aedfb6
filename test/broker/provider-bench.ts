/** A broker on the bench that believes a provider of ours. */
import type { BrokerOptions } from "../../src/broker/broker.ts";
import { CLIENT, createProvider, type Provider } from "../support/provider.ts";
import { type Bench, createBench } from "./support.ts";

export const ISSUER = "https://login.example/tenant";
export const METADATA = `${ISSUER}/.well-known/openid-configuration`;
export const JWKS = "https://keys.example/jwks?p=1";

export interface ProviderBench extends Bench {
  provider: Provider;
}

export async function createProviderBench(options: Partial<BrokerOptions> = {}): Promise<ProviderBench> {
  const provider = await createProvider(ISSUER, { jwks: JWKS, now: () => bench.clock.now() });
  const bench: Bench = createBench({
    oidc: { issuer: ISSUER, clientId: CLIENT },
    fetch: (request) =>
      request.url.startsWith("https://acme.mypurecloud.com/") ? bench.genesys.fetch(request) : provider.fetch(request),
    ...options,
  });
  const { sign } = provider;
  provider.sign = async (...change) => {
    const token = await sign(...change);
    bench.genesys.secrets.push(token);
    return token;
  };
  return Object.assign(bench, { provider });
}
