/** The one Trusted Types policy, `genesys-guest-chat`: of script URLs it makes the worker's alone. */

/** What the policy makes, typed as the string that it stands for: lib.dom does not know trusted ones, which go where a string goes. */
interface Policy {
  createScriptURL(url: string): string;
  createHTML(html: string): string;
}
interface Global {
  trustedTypes: { createPolicy(name: string, rules: Partial<Policy>): Policy };
}

const allowed = new Set<string>();

/** Without the query, which bears the version. */
const toAddress = (url: string): string => url.replace(/[?#].*/, "");

/** What it does not make, it throws. */
const rules = {
  createScriptURL(url) {
    if (allowed.has(toAddress(url))) return url;
    throw Error(url);
  },
} as Policy;

let policy: Policy | undefined;

/** Made when it is first needed: a copy of us that finds another on its page needs none, and might not get it. */
function toPolicy(): Policy {
  try {
    policy ??= (globalThis as unknown as Global).trustedTypes.createPolicy("genesys-guest-chat", rules);
  } catch {
    // Unknown here, refused by the page's policy, or another copy's. A bare string still works where nothing is required.
    policy = rules;
  }
  return policy;
}

/** `workerUrl` is absolute, and the only script that is let through. */
export function createToScriptUrl(workerUrl: string): (url: string) => string {
  allowed.add(toAddress(workerUrl));
  return (url) => toPolicy().createScriptURL(url);
}

/** For the element's templates alone, so nothing else of ours can make HTML. */
export function createToHtml(): (html: string) => string {
  rules.createHTML = (html) => html;
  return (html) => toPolicy().createHTML(html);
}
