/** The element's attributes and properties, as Lit is told of them. */

export const PROPERTIES = {
  protocol: {},
  broker: {},
  route: {},
  deploymentId: { attribute: "deployment-id" },
  environment: {},
  endpoint: {},
  host: {},
  workerUrl: { attribute: "worker-url" },
  open: { type: Boolean, reflect: true },
  launcher: {},
  start: {},
  position: {},
  theme: {},
  storage: {},
  consent: {},
  customAttributes: { attribute: false },
  texts: { attribute: false },
};

/** A change of one of these is another session, or none. */
export const IDENTITY = [
  "protocol",
  "broker",
  "deploymentId",
  "environment",
  "endpoint",
  "host",
  "workerUrl",
  "storage",
  "consent",
] as const satisfies (keyof typeof PROPERTIES)[];
