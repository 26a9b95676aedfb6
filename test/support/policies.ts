/** The README's table of policies as data: the smallest for each place that the session may live in, and what breaks without a part of it. */

export type Place = "worker" | "frame" | "tab" | "page";
/** Whose response it is that bears the policy. */
export type File = "page" | "worker.js" | "hub.html" | "chat-worker.js";
type Directives = Record<string, string>;
export type Policies = Partial<Record<File, Directives>>;

export interface Breach {
  /** As it is told. */
  what: string;
  /** In place of what is enough, or beside it; an empty value takes a directive away. */
  change: Policies;
  /** Where the session lives then. */
  place: Place | "nowhere";
  /** What the guest comes to: a talk, or else what there is to see. */
  sees: "a talk" | "no launcher" | "a launcher that does nothing" | RegExp;
  /** What the console tells the site owner. */
  told?: RegExp;
  /** The directives that the browser reports. */
  reports: string[];
}

export interface Row {
  name: string;
  place: Place;
  /** The chat's files are of another origin. */
  isElsewhere?: true;
  /** What the tag has besides. */
  attributes?: string;
  enough: Policies;
  breaches: Breach[];
}

const BROKER = "https://broker.example";
const CONNECT = `${BROKER} wss://acme.mypurecloud.com`;
const CDN = "https://cdn.example";
const TYPES = { "require-trusted-types-for": "'script'", "trusted-types": "genesys-guest-chat" };
const OWN = { "script-src": "'self'", ...TYPES };
const WORKER = { "script-src": "'self'", "connect-src": CONNECT };

/** All that is not named is forbidden, and what breaks is reported. */
export const toPolicy = (directives: Directives, report: string): string =>
  Object.entries({ "default-src": "'none'", ...directives, "report-uri": report })
    .flatMap(([name, value]) => (value ? `${name} ${value}` : []))
    .join("; ");

const UNREACHABLE = { sees: /^We cannot reach the chat/, told: /CHAT_BROKER_UNREACHABLE/ };
const SILENT = /CHAT_HOST: frame: \S+\/hub\.html is silent/;

const onPage = (what: string, change: Directives, then: Omit<Breach, "what" | "change">): Breach => ({
  what: `the page ${what}`,
  change: { page: change },
  ...then,
});

const WITHOUT_SCRIPT = onPage(
  "has no script-src",
  { "script-src": "" },
  { place: "nowhere", sees: "no launcher", reports: ["script-src-elem"] },
);
const WITHOUT_NAME = onPage(
  "lists another name in trusted-types",
  { "trusted-types": "lit-html" },
  {
    place: "nowhere",
    sees: "a launcher that does nothing",
    told: /genesys-guest-chat.*(disallowed|violates).*trusted-types/is,
    reports: ["require-trusted-types-for", "trusted-types"],
  },
);
/** The session lives in a worker: the policy of its response is what rules. */
const withoutConnect = (place: Place): Breach => ({
  what: "worker.js has no connect-src",
  change: { "worker.js": { "connect-src": "" } },
  place,
  ...UNREACHABLE,
  reports: ["connect-src"],
});
const OF_THE_WORKER: Breach[] = [
  withoutConnect("worker"),
  {
    what: "worker.js has the broker alone in connect-src",
    change: { "worker.js": { "connect-src": BROKER } },
    place: "worker",
    sees: /^This network blocks live chat/,
    told: /CHAT_SOCKET_BLOCKED/,
    reports: ["connect-src"],
  },
  {
    what: "worker.js has no script-src",
    change: { "worker.js": { "script-src": "" } },
    place: "tab",
    ...UNREACHABLE,
    reports: ["connect-src", "script-src-elem"],
  },
  {
    what: "worker.js has no script-src, but the page may connect",
    change: { "worker.js": { "script-src": "" }, page: { "connect-src": CONNECT } },
    place: "tab",
    sees: "a talk",
    told: /CHAT_HOST: worker: no sign of life/,
    reports: ["script-src-elem"],
  },
];
const withoutFrame = (what: string, change: Policies, report: string): Breach[] => [
  { what, change, place: "tab", sees: UNREACHABLE.sees, told: SILENT, reports: ["connect-src", report] },
  {
    what: `${what}, but the page may connect`,
    change: { ...change, page: { ...change.page, "connect-src": CONNECT } },
    place: "tab",
    sees: "a talk",
    told: SILENT,
    reports: [report],
  },
];

export const ROWS: Row[] = [
  {
    name: "a worker",
    place: "worker",
    enough: { page: OWN, "worker.js": WORKER },
    breaches: [
      WITHOUT_SCRIPT,
      WITHOUT_NAME,
      ...OF_THE_WORKER,
      onPage(
        "forbids workers",
        { "worker-src": "'none'" },
        { place: "tab", ...UNREACHABLE, reports: ["connect-src", "worker-src"] },
      ),
      onPage(
        "forbids workers, but may connect",
        { "worker-src": "'none'", "connect-src": CONNECT },
        {
          place: "tab",
          sees: "a talk",
          told: /CHAT_HOST: worker: the worker did not start/,
          reports: ["worker-src"],
        },
      ),
    ],
  },
  {
    name: "a worker, with a nonce",
    place: "worker",
    attributes: 'nonce="r4nd0m"',
    // What a script imports has its nonce; a worker has none.
    enough: {
      page: { "script-src": "'nonce-r4nd0m'", "worker-src": "'self'", ...TYPES },
      "worker.js": WORKER,
    },
    breaches: [
      onPage(
        "has no worker-src",
        { "worker-src": "" },
        { place: "tab", ...UNREACHABLE, reports: ["connect-src", "worker-src"] },
      ),
    ],
  },
  {
    name: "a frame",
    place: "frame",
    isElsewhere: true,
    enough: {
      page: { "script-src": CDN, "frame-src": CDN, ...TYPES },
      "worker.js": WORKER,
      "hub.html": { "script-src": "'self'", "frame-ancestors": "https://shop.example", ...TYPES },
    },
    breaches: [
      WITHOUT_SCRIPT,
      WITHOUT_NAME,
      withoutConnect("frame"),
      ...withoutFrame("the page has no frame-src", { page: { "frame-src": "" } }, "frame-src"),
      ...withoutFrame("hub.html has no script-src", { "hub.html": { "script-src": "" } }, "script-src-elem"),
      ...withoutFrame("hub.html lists other sites", { "hub.html": { "frame-ancestors": CDN } }, "frame-ancestors"),
      {
        what: "hub.html lists another name in trusted-types",
        change: { "hub.html": { "trusted-types": "lit-html" } },
        place: "frame",
        sees: UNREACHABLE.sees,
        told: /CHAT_HOST: worker: .*TrustedScriptURL/,
        reports: ["connect-src", "require-trusted-types-for", "trusted-types"],
      },
      {
        what: "hub.html forbids workers, but may connect",
        change: { "hub.html": { "worker-src": "'none'", "connect-src": CONNECT } },
        place: "frame",
        sees: "a talk",
        told: /CHAT_HOST: worker: the worker did not start/,
        reports: ["worker-src"],
      },
    ],
  },
  {
    name: "a worker of one line on the page's own origin",
    place: "worker",
    isElsewhere: true,
    attributes: 'data-worker-url="/chat-worker.js"',
    enough: {
      page: { "script-src": CDN, "worker-src": `'self' ${CDN}`, ...TYPES },
      "chat-worker.js": { "script-src": CDN, "connect-src": CONNECT },
    },
    breaches: [
      onPage(
        "has no worker-src",
        { "worker-src": "" },
        { place: "tab", ...UNREACHABLE, reports: ["connect-src", "worker-src"] },
      ),
      // What a worker may not import, nobody reports.
      onPage(
        "has itself alone in worker-src",
        { "worker-src": "'self'" },
        { place: "tab", ...UNREACHABLE, reports: ["connect-src"] },
      ),
    ],
  },
  {
    name: "a tab",
    place: "tab",
    attributes: 'data-host="tab"',
    enough: { page: { ...OWN, "connect-src": CONNECT } },
    breaches: [
      onPage("has no connect-src", { "connect-src": "" }, { place: "tab", ...UNREACHABLE, reports: ["connect-src"] }),
    ],
  },
  {
    name: "the page",
    place: "page",
    attributes: 'data-host="page"',
    enough: { page: { ...OWN, "connect-src": CONNECT } },
    breaches: [
      // No lock is held, and no connection is open by which it could be told from no place at all.
      onPage(
        "has the broker alone in connect-src",
        { "connect-src": BROKER },
        {
          place: "nowhere",
          sees: /^This network blocks live chat/,
          told: /CHAT_SOCKET_BLOCKED/,
          reports: ["connect-src"],
        },
      ),
    ],
  },
];
