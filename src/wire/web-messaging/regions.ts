/** The regions of Genesys Cloud: from a domain, or a snippet's `environment`, to the hosts of web messaging. */

/** Of AWS' regions, as domains and snippets shorten them: `<region>.pure.cloud` and `prod-<region>`. */
const REGIONS = ["usw2", "cac1", "mxc1", "sae1", "euw2", "euc2", "mec1", "aps1", "apne2", "apne3", "apse1"];

/** By snippet name. https://help.mypurecloud.com/articles/aws-regions-for-genesys-cloud-deployment/ */
const DOMAINS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(REGIONS.map((region) => [`prod-${region}`, `${region}.pure.cloud`])),
  prod: "mypurecloud.com",
  "fedramp-use2-core": "use2.us-gov-pure.cloud",
  "prod-euw1": "mypurecloud.ie",
  "prod-euc1": "mypurecloud.de",
  "prod-apne1": "mypurecloud.jp",
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
