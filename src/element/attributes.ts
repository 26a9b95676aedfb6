/** The element's attributes and properties, as pages see them and as Lit is told of them. */
import { LitElement, type PropertyDeclaration } from "lit";
import type { HostChoice } from "../hub/hosts/rung.ts";

export interface Attributes {
  /** Inferred from `broker` or `deploymentId`. */
  protocol: "guest-api" | "web-messaging" | undefined;
  /** The broker's URL. */
  broker: string | undefined;
  /** One of the broker's routes. */
  route: string | undefined;
  deploymentId: string | undefined;
  environment: string | undefined;
  endpoint: string | undefined;
  /** Where the session lives; default `auto`. */
  host: HostChoice | undefined;
  /** A same-origin copy of the worker. */
  workerUrl: string | undefined;
  open: boolean;
  /** Default `on`. `deployment`: as its configuration says, and hidden until that is known. */
  launcher: "on" | "off" | "deployment" | undefined;
  /** When a conversation begins; default `open`. */
  start: "open" | "message" | undefined;
  /** Default `end`. */
  position: "end" | "start" | undefined;
  /** Default `auto`. */
  theme: "auto" | "light" | "dark" | undefined;
  /** Default `local`. */
  storage: "local" | "memory" | undefined;
  /** Default `none`. `required`: nothing is kept or connected before `grantConsent()`. */
  consent: "none" | "required" | undefined;
  /** Told to Genesys with a new guest. */
  customAttributes: Record<string, unknown> | undefined;
  /** Sentences of one's own, by key. */
  texts: Record<string, string> | undefined;
}

type Properties = Partial<Record<keyof Attributes, PropertyDeclaration>>;

/** A change of one of these is another session, or none. */
const OF_THE_SESSION = {
  protocol: {},
  broker: {},
  deploymentId: { attribute: "deployment-id" },
  environment: {},
  endpoint: {},
  host: {},
  workerUrl: { attribute: "worker-url" },
  storage: {},
  consent: {},
} satisfies Properties;

export const PROPERTIES = {
  ...OF_THE_SESSION,
  route: {},
  open: { type: Boolean, reflect: true },
  launcher: {},
  start: {},
  position: {},
  theme: {},
  customAttributes: { attribute: false },
  texts: { attribute: false },
} satisfies Properties;

export const IDENTITY = Object.keys(OF_THE_SESSION);

/** LitElement with them: Lit makes them as PROPERTIES says. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript takes only such a constructor for a mixin's.
export const AttributesElement = LitElement as typeof LitElement & (new (...args: any[]) => Attributes);
