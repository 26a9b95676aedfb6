/** Checks of what comes over a port: a join, a request. */
import { Failure } from "../chat/failure.ts";
import { findFault, hasShape, isNumber, isOneOf, isPlain, isText, optional, type Shape } from "../shape.ts";
import { type Join, PORT_VERSION, type Request } from "./port.ts";

const isHttp = (value: unknown) => isText(value) && /^https?:/.test(value);

/** What is one dialect's own, that dialect checks. */
const OPTIONS = {
  protocol: isOneOf("guest-api", "web-messaging"),
  route: optional(isText),
  name: optional(isText),
  language: optional(isText),
  attributes: isPlain,
  storage: isOneOf("local", "memory"),
  embedder: optional(isText),
};

const isRequest = hasShape({ id: isText, at: isNumber, epoch: optional(isText) });

/** Throws a Failure that says what is wrong. */
export function checkJoin(value: unknown): Join {
  const { portVersion, options } = (value ?? {}) as Partial<Join>;
  if (portVersion !== PORT_VERSION) throw new Failure("CHAT_RELOAD_NEEDED");
  const own: Shape = options?.protocol === "web-messaging" ? { deploymentId: isText } : { broker: isHttp };
  const fault = findFault(value, { tab: isText }) ?? findFault(options, { ...OPTIONS, ...own });
  if (fault !== null) throw new Failure("CHAT_CONFIGURATION", fault);
  return value as Join;
}

/** A request whose command is still to be checked. */
export interface ToCheck extends Omit<Request, "command"> {
  command: unknown;
}

/** Without an id there is nobody to answer. */
export const toAsked = (value: unknown): ToCheck | null => (isRequest(value) ? (value as ToCheck) : null);
