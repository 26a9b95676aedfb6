/** A deployment as the sandbox knows it: which pages may use it, what it offers and how much of it; read from options or a JSON file. */
import * as v from "valibot";

const text = v.pipe(v.string(), v.nonEmpty("Expected some text"));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const on = v.optional(v.boolean(), true);
const off = v.optional(v.boolean(), false);
const mimeType = v.pipe(
  v.string(),
  v.regex(/^[\w.+-]+\/[\w.+-]+$|^([\w.+-]+|\*)\/\*$/, "Expected a MIME type or a wildcard"),
);
const url = v.pipe(
  v.string(),
  v.check((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), "Expected an http or https URL"),
);
const language = v.pipe(v.string(), v.regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, "Expected a language such as en-us"));

/** What the platform enforces, each to be set by itself. Defaults: section 6 of the protocol. */
const limits = v.strictObject({
  /** Messages a session may send in a second. Announced as 2 in 2023, documented as 5 in 2026. */
  messagesPerSecond: v.optional(count, 5),
  /** Of any kind, on one connection. */
  requestsPerMinute: v.optional(count, 60),
  /** `configureSession` and `configureAuthenticatedSession` of one session. */
  configuresPerMinute: v.optional(count, 60),
  /** `echo`, on one connection. */
  healthChecksPerMinute: v.optional(count, 2),
  /** Pages of history that one session may ask for. */
  historyPerMinute: v.optional(count, 10),
  /** New sockets of this deployment. */
  connectionsPerMinute: v.optional(count, 1000),
  /** Sockets of one session; one more closes the oldest. */
  connectionsPerSession: v.optional(count, 3),
  /** Of one text, in UTF-8. */
  textBytes: v.optional(count, 4096),
  /** Of an agent's text, in characters. */
  agentTextChars: v.optional(count, 4000),
  /** Of agents, in a conversation. */
  agentTypingPerMinute: v.optional(count, 12),
  /** Of all keys and values of custom attributes, in UTF-8. */
  customDataBytes: v.optional(count, 2048),
  tokenChars: v.optional(count, 2048),
  /** A file's name has fewer. */
  fileNameChars: v.optional(count, 1024),
  /** Silence after which a session expires. */
  sessionSeconds: v.optional(count, 259_200),
  /** Of a guest who has not signed in, history holds so long. */
  historySeconds: v.optional(count, 1_296_000),
  historyJwtSeconds: v.optional(count, 60),
  downloadSeconds: v.optional(count, 600),
  /** A presigned URL takes a file for so long. */
  uploadSeconds: v.optional(count, 600),
  /** A file that is in no message is kept for so long. */
  unsentSeconds: v.optional(count, 1_296_000),
});

/** How the platform is assumed to behave where nobody outside knows: section 8 of the protocol. */
const switches = v.strictObject({
  /** `mixed`: messages may overtake each other. */
  order: v.optional(v.picklist(["kept", "mixed"]), "kept"),
  /** History tells which `tracingId` a guest's message came with. */
  tracingIdInHistory: off,
  /** A message whose `tracingId` was seen before is echoed and not taken twice. */
  dedupByTracingId: on,
  /** Of `expirationDate`; two examples of the platform's documentation say ms. */
  expirationUnit: v.optional(v.picklist(["s", "ms"]), "s"),
  /** The server closes the socket itself after ConnectionClosedEvent. */
  closesAfterEvent: off,
});

const fileUpload = v.strictObject({
  /** null leaves it out of the configuration, as old deployments do: then `modes` rule, and the session tells no limits. */
  enableAttachments: v.optional(v.nullable(v.boolean()), true),
  modes: v.optional(v.array(v.strictObject({ fileTypes: v.array(mimeType), maxFileSizeKB: count })), [
    { fileTypes: ["image/png", "image/jpeg", "image/gif", "application/pdf"], maxFileSizeKB: 10_240 },
  ]),
  allowedMedia: v.optional(
    v.strictObject({
      fileTypes: v.optional(v.array(mimeType), ["image/*", "application/pdf", "text/plain"]),
      maxFileSizeKB: v.optional(count, 10_240),
    }),
    {},
  ),
  /** In lower case, each with its dot. */
  blockedExtensions: v.optional(v.array(v.pipe(v.string(), v.regex(/^\.[a-z0-9]+$/))), [
    ".bat",
    ".cmd",
    ".com",
    ".exe",
    ".js",
    ".msi",
    ".ps1",
    ".scr",
    ".vbs",
  ]),
});

const auth = v.strictObject({
  enabled: off,
  /** A guest may sign in within the conversation: "step-up". */
  allowSessionUpgrade: off,
  /** Whose codes and ID tokens are exchanged: a real OpenID provider. */
  provider: v.optional(
    v.strictObject({
      issuer: url,
      clientId: text,
      /** Absent for a public client. */
      clientSecret: v.optional(text),
    }),
  ),
  /** Life of the JWT that an exchange gives. */
  jwtSeconds: v.optional(count, 3600),
  refreshSeconds: v.optional(count, 604_800),
});

const schema = v.pipe(
  v.strictObject({
    id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, "Expected letters, digits and dashes")),
    version: v.optional(text, "1"),
    /** Only `Active` may connect. */
    status: v.optional(v.picklist(["Active", "Inactive", "Pending", "Error", "Deleting"]), "Active"),
    /** Host names; each stands for its subdomains too. Absent: all pages of the world; empty: none. */
    allowedDomains: v.optional(v.array(text)),
    limits: v.optional(limits, {}),
    switches: v.optional(switches, {}),
    messengerEnabled: on,
    conversationsEnabled: on,
    headless: off,
    homeScreen: off,
    launcher: v.optional(v.picklist(["On", "Off", "OnDemand"]), "On"),
    primaryColor: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i, "Expected #rrggbb")), "#0165A7"),
    position: v.optional(
      v.strictObject({
        alignment: v.optional(v.picklist(["Auto", "Left", "Right"]), "Auto"),
        sideSpace: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 20),
        bottomSpace: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 12),
      }),
      {},
    ),
    languages: v.optional(v.pipe(v.array(language), v.nonEmpty("Expected a language")), ["en-us"]),
    /** Default: the first of `languages`. */
    defaultLanguage: v.optional(language),
    /** By language, then by the platform's key. */
    labels: v.optional(v.record(language, v.record(text, v.string())), {}),
    typing: v.optional(v.strictObject({ guest: on, agent: on }), {}),
    autoStart: off,
    disconnect: v.optional(
      v.strictObject({ enabled: on, type: v.optional(v.picklist(["Send", "ReadOnly"]), "ReadOnly") }),
      {},
    ),
    clear: on,
    markdown: on,
    humanize: v.optional(v.strictObject({ enabled: off, bot: v.optional(v.record(text, text)) }), {}),
    notifications: off,
    fileUpload: v.optional(fileUpload, {}),
    auth: v.optional(auth, {}),
  }),
  v.check(({ auth }) => !auth.enabled || auth.provider !== undefined, "auth.enabled needs auth.provider"),
  v.transform((deployment) => ({
    ...deployment,
    defaultLanguage: deployment.defaultLanguage ?? (deployment.languages[0] as string),
  })),
);

/** Of all but `id` there is a default. */
export type DeploymentOptions = v.InferInput<typeof schema>;
export type Deployment = v.InferOutput<typeof schema>;

/** Fills in the defaults; throws a TypeError that names the field that is wrong. */
export function readDeployment(given: unknown): Deployment {
  const result = v.safeParse(schema, given, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new TypeError(`deployment${path === null ? "" : `.${path}`}: ${issue.message}`);
}

/** Which files the deployment takes; none where attachments are off. */
export function toUploadRules({ fileUpload }: Deployment): {
  types: readonly string[];
  bytes: number;
  blocked: readonly string[];
} {
  const { enableAttachments, modes, allowedMedia, blockedExtensions: blocked } = fileUpload;
  if (enableAttachments === false) return { types: [], bytes: 0, blocked };
  const sets = enableAttachments ? [allowedMedia] : modes;
  return {
    types: sets.flatMap(({ fileTypes }) => fileTypes),
    bytes: Math.max(0, ...sets.map(({ maxFileSizeKB }) => maxFileSizeKB)) * 1024,
    blocked,
  };
}

/** `allowedMedia` and `blockedExtensions` of SessionResponse and GetConfigurationResponse; nothing where the configuration rules. */
export function toMediaLimits({ fileUpload }: Deployment): object {
  const { enableAttachments, allowedMedia, blockedExtensions } = fileUpload;
  if (enableAttachments === null) return {};
  const { fileTypes, maxFileSizeKB } = enableAttachments ? allowedMedia : { fileTypes: [], maxFileSizeKB: undefined };
  const inbound = { fileTypes: fileTypes.map((type) => ({ type })), ...(maxFileSizeKB && { maxFileSizeKB }) };
  return { allowedMedia: { inbound }, blockedExtensions };
}
