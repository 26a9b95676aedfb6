/** The one Trusted Types policy, `genesys-guest-chat`: it makes script URLs, and only of the worker. */

interface Policy {
  createScriptURL(url: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

const allowed = new Set<string>();
let policy: Policy | null | undefined;

/** Without the query, which bears the version. */
const toAddress = (url: string): string => url.replace(/[?#].*/, "");

function createPolicy(): Policy | null {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  try {
    return (
      trustedTypes?.createPolicy("genesys-guest-chat", {
        createScriptURL(url) {
          if (allowed.has(toAddress(url))) return url;
          throw new TypeError("not the worker");
        },
      }) ?? null
    );
  } catch {
    // Refused by the page's policy, or made before by another copy of us. The bare string still works where nothing is required.
    return null;
  }
}

/** `workerUrl` is absolute, and the only script that is let through. */
export function createToScriptUrl(workerUrl: string): (url: string) => string {
  allowed.add(toAddress(workerUrl));
  return (url) => {
    policy ??= createPolicy();
    // A TrustedScriptURL, which lib.dom does not know; it goes where a URL goes.
    return policy ? (policy.createScriptURL(url) as string) : url;
  };
}
