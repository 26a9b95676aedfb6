/** Whether something that came over a port may be a command: what few guests ask is checked where it is performed (session/seldom). */

import { type Check, hasShape, isBoolean, isOneOf, isPlain, isText, optional } from "../shape.ts";
import type { Command, CommandType } from "./command.ts";

const FIELDS: Partial<Record<CommandType, Record<string, Check>>> = {
  open: { connect: optional(isOneOf(false)) },
  send: { text: isText, attachment: optional(isText) },
  reply: { to: isText, text: isText, payload: isText, answer: optional(isPlain) },
  retry: { message: isText },
  cancel: { message: isText },
  typing: { on: isBoolean },
  end: {},
  "start-new": {},
  "set-attributes": { attributes: isPlain },
  seen: { message: isText },
  visible: { on: isBoolean },
  "load-earlier": {},
  identify: { identity: isPlain },
  metrics: {},
  terminate: {},
};

export const isCommand = (value: unknown): value is Command =>
  isPlain(value) &&
  isText(value.type) &&
  (!Object.hasOwn(FIELDS, value.type) || hasShape(FIELDS[value.type as CommandType] ?? {})(value));
