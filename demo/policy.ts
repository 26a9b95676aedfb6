/** The Content-Security-Policy of the demo: the strict ones that the README recommends, for pages, the worker and the hub frame. */

/** Where pages of the demo may lie: the second names stand for other sites, to try embedding across sites. */
const hosts = ["http://localhost:*", "http://127.0.0.1:*", "http://*.localhost:*"];

/** Where violations are posted. */
export const REPORT_PATH = "/csp-report";

const policy = (directives: Record<string, string>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");

/** What all pages forbid and allow, whatever their chat needs. */
const PAGE = {
  "default-src": "'none'",
  "style-src": "'self'",
  "img-src": "'self' data: https:",
  "font-src": "'self'",
  "manifest-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'self'",
  "frame-ancestors": `'self' ${hosts.join(" ")}`,
  "require-trusted-types-for": "'script'",
  "trusted-types": "genesys-guest-chat",
  "report-uri": REPORT_PATH,
};

/**
 * Of a page. `socketOrigin` is the sandbox's, for the chat without a worker: there the page's policy rules the socket.
 * `frames`: what the page may frame; the chat itself needs nothing.
 */
export const pagePolicy = (socketOrigin: string, frames = "'none'"): string =>
  policy({
    "script-src": "'self'",
    "connect-src": `'self' ${socketOrigin}`,
    "worker-src": "'self'",
    "frame-src": frames,
    ...PAGE,
  });

/**
 * Of a page that has the chat from another origin: its files and its frame. It connects to broker and sandbox only where
 * the frame cannot be had.
 */
export const embeddingPolicy = (chatOrigin: string, brokerOrigin: string, socketOrigin: string): string =>
  policy({
    "script-src": chatOrigin,
    "connect-src": `${brokerOrigin} ${socketOrigin}`,
    "frame-src": chatOrigin,
    ...PAGE,
  });

/** Of the worker: it obeys the policy of its own response, never the page's. The broker may be any name of this machine. */
export const workerPolicy = (socketOrigin: string): string =>
  policy({
    "default-src": "'none'",
    "script-src": "'self'",
    "connect-src": toConnect(socketOrigin),
    "report-uri": REPORT_PATH,
  });

/** Of hub.html: which sites may frame it is the one line that differs from place to place. */
export const hubPolicy = (socketOrigin: string): string =>
  policy({
    "default-src": "'none'",
    "script-src": "'self'",
    "worker-src": "'self'",
    "connect-src": toConnect(socketOrigin),
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": hosts.join(" "),
    "require-trusted-types-for": "'script'",
    "trusted-types": "genesys-guest-chat",
    "report-uri": REPORT_PATH,
  });

/** A deployment's endpoint is of the site around the frame, and its socket is there too: http does not stand for ws. */
function toConnect(socketOrigin: string): string {
  const names = `*.localhost:${new URL(socketOrigin).port}`;
  return `'self' ${socketOrigin} http://${names} ws://${names}`;
}

/** Whether an Origin is a page of the demo. A shipped broker compares exactly; here any port and name of this machine will do. */
export function isDemoOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  const isLocal = hostname === "localhost" || hostname === "127.0.0.1" || hostname.endsWith(".localhost");
  return protocol === "http:" && isLocal;
}
