/** A deployment's files on the CDN, config.json and domains.json: what is used of them, and the tolerant reading of them. */
import { isPlain, isText } from "../../shape.ts";

/** What config.json says of the conversation. */
export interface Deployment {
  /** Only `Active` may connect. */
  status: string;
  /** Origin of the socket, ws or wss; absent: the region's. */
  socket?: string;
  /** Origin of REST; absent: the region's. */
  api?: string;
  /** The conversations app is on. */
  conversations: boolean;
  /** The guest's typing is told to the agent. */
  guestTyping: boolean;
  /** The agent's typing is shown to the guest. */
  agentTyping: boolean;
  /** A new session begins with a Join. */
  autoStart: boolean;
  /** The guest may empty the conversation. */
  clear: boolean;
  markdown: boolean;
  /** Agents have names and pictures. */
  humanize: boolean;
  /** What old deployments say of files: later ones leave it to `SessionResponse`. */
  uploads?: { types: string[]; bytes: number };
  /** Guests may sign in; those in a conversation may too. */
  signIn: boolean;
  stepUp: boolean;
}

type Part = Record<string, unknown>;

const part = (value: unknown): Part => (isPlain(value) ? value : {});
const text = (value: unknown): string | undefined => (isText(value) && value !== "" ? value : undefined);
const isOn = (value: unknown): boolean => part(value).enabled === true;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Reads config.json; null where it is none. What is missing or of another type is as the platform's default. */
export function readDeployment(json: unknown): Deployment | null {
  const file = part(json);
  const status = text(file.status);
  const messenger = part(file.messenger);
  if (!status || !isPlain(file.messenger)) return null;
  const conversations = part(part(messenger.apps).conversations);
  const auth = part(file.auth);
  return {
    status,
    socket: toOrigin(conversations.messagingEndpoint, /^wss?:$/),
    api: toOrigin(file.apiEndpoint, /^https?:$/),
    conversations: conversations.enabled !== false && messenger.enabled !== false,
    guestTyping: conversations.showUserTypingIndicator === true,
    agentTyping: conversations.showAgentTypingIndicator === true,
    autoStart: isOn(conversations.autoStart),
    clear: isOn(conversations.conversationClear),
    markdown: isOn(conversations.markdown),
    humanize: isOn(conversations.humanize),
    uploads: readUploads(part(messenger.fileUpload)),
    signIn: auth.enabled === true,
    stepUp: auth.allowSessionUpgrade === true,
  };
}

function toOrigin(value: unknown, scheme: RegExp): string | undefined {
  if (!isText(value) || !URL.canParse(value)) return undefined;
  const { protocol, host } = new URL(value);
  return scheme.test(protocol) ? `${protocol}//${host}` : undefined;
}

/** Only old deployments, which do not say `enableAttachments`, have the limits here. */
function readUploads({ enableAttachments, modes }: Part): Deployment["uploads"] {
  if (enableAttachments !== undefined) return undefined;
  const all = list(modes).map(part);
  const types = all.flatMap(({ fileTypes }) => list(fileTypes).filter(isText));
  // The official clients divide by 1,000.
  const bytes = Math.max(...all.map(({ maxFileSizeKB = 10_240 }) => Number(maxFileSizeKB) * 1000));
  return types.length > 0 ? { types, bytes } : undefined;
}

/**
 * Whether domains.json lets a page of that host in, as Genesys' own script judges: equal to an entry or below it; scheme
 * and port never matter. A file that is none lets nobody in, an empty list neither.
 */
export function isDomainAllowed(json: unknown, hostname: string): boolean {
  const { allowAllDomains, allowedDomains } = part(json);
  if (allowAllDomains === true) return true;
  const host = hostname.toLowerCase();
  const entries = list(allowedDomains)
    .filter(isText)
    .map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => entry !== "" && (host === entry || host.endsWith(`.${entry}`)));
}
