/** Whether a command that few guests give is what it should be: checked where it is performed, since that is fetched then. */

import type { Command, SeldomCommand } from "../../chat/command.ts";
import { type Check, hasShape, isText, optional } from "../../shape.ts";

const FIELDS: Record<SeldomCommand["type"], Record<string, Check>> = {
  send: { text: isText, attachment: isText },
  attach: { file: (value) => value instanceof File },
  detach: { upload: isText },
  "refresh-link": { attachment: isText },
  "sign-in": {
    signIn: (value) => hasShape(CODE)(value) || hasShape(ID_TOKEN)(value),
  },
  "sign-out": {},
  clear: {},
};

const CODE = { code: isText, redirectUri: isText, codeVerifier: optional(isText), nonce: optional(isText) };
const ID_TOKEN = { idToken: isText, nonce: isText };

export const isSeldomCommand = (command: Command): command is SeldomCommand =>
  Object.hasOwn(FIELDS, command.type) && hasShape(FIELDS[command.type as SeldomCommand["type"]])(command);
