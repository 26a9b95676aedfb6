/** The regions of Genesys Cloud: from a domain, or a snippet's `environment`, to the hosts of web messaging. */

/** By snippet name. https://help.mypurecloud.com/articles/aws-regions-for-genesys-cloud-deployment/ */
const DOMAINS: Readonly<Record<string, string>> = {
  prod: "mypurecloud.com",
  "fedramp-use2-core": "use2.us-gov-pure.cloud",
  "prod-usw2": "usw2.pure.cloud",
  "prod-cac1": "cac1.pure.cloud",
  "prod-mxc1": "mxc1.pure.cloud",
  "prod-sae1": "sae1.pure.cloud",
  "prod-euw1": "mypurecloud.ie",
  "prod-euw2": "euw2.pure.cloud",
  "prod-euc1": "mypurecloud.de",
  "prod-euc2": "euc2.pure.cloud",
  "prod-mec1": "mec1.pure.cloud",
  "prod-aps1": "aps1.pure.cloud",
  "prod-apne1": "mypurecloud.jp",
  "prod-apne2": "apne2.pure.cloud",
  "prod-apne3": "apne3.pure.cloud",
  "prod-apse1": "apse1.pure.cloud",
  "prod-apse2": "mypurecloud.com.au",
};

/** Beyond the table: regions that Genesys runs and no snippet names. */
const OTHERS = ["edee1.eusc-pure.cloud", "inindca.com"];

/** The domain that `environment` names, either way; null where it is none of Genesys'. */
export function toDomain(environment: string): string | null {
  const name = environment.trim().toLowerCase();
  if (Object.hasOwn(DOMAINS, name)) return DOMAINS[name] as string;
  return Object.values(DOMAINS).includes(name) || OTHERS.includes(name) ? name : null;
}

/** Origins. */
export interface Hosts {
  /** Of the socket: ws or wss. */
  socket: string;
  /** Of REST. */
  api: string;
  /** Of the deployment's files. */
  cdn: string;
}

/** `endpoint` is one origin that serves all of it: a gateway, the sandbox. */
export function toHosts(domain: string, endpoint?: string): Hosts {
  if (endpoint) return { socket: endpoint.replace(/^http/, "ws"), api: endpoint, cdn: endpoint };
  return { socket: `wss://webmessaging.${domain}`, api: `https://api.${domain}`, cdn: `https://api-cdn.${domain}` };
}
