/** Whether something that came over a port is a command. */

import { type Check, hasShape, isBoolean, isOneOf, isPlain, isText, optional } from "../shape.ts";
import type { Command, CommandType } from "./command.ts";

const FIELDS: Record<CommandType, Record<string, Check>> = {
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
  attach: { file: (value) => value instanceof File },
  detach: { upload: isText },
  "refresh-link": { attachment: isText },
  clear: {},
  "take-over": {},
  "sign-in": { signIn: isPlain },
  "sign-out": {},
  identify: { identity: isPlain },
  metrics: {},
  terminate: {},
};

export const isCommand = (value: unknown): value is Command =>
  isPlain(value) &&
  isText(value.type) &&
  Object.hasOwn(FIELDS, value.type) &&
  hasShape(FIELDS[value.type as CommandType])(value);
