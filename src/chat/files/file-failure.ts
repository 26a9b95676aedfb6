/** Why a file could not be sent, in words for the guest. They come with the error: few guests need them, so the element has none. */
import type { ChatErrorCode } from "../advice.ts";
import { Failure } from "../failure.ts";

const SENTENCES = {
  CHAT_FILE_EMPTY: "This file is empty.",
  CHAT_FILE_TOO_LARGE: "This file is too large.",
  CHAT_FILE_TYPE: "Files of this type cannot be sent here.",
  CHAT_FILE_NAME: "A file of this name cannot be sent. Please rename it.",
  CHAT_FILE_REFUSED: "This file was not accepted.",
  CHAT_FILE_GONE: "This file is no longer there. Please attach it again.",
  CHAT_UPLOAD_FAILED: "The file could not be sent. Please try again.",
  CHAT_UPLOAD_CANCELLED: "The file was not sent.",
} as const satisfies Partial<Record<ChatErrorCode, string>>;

export type FileErrorCode = keyof typeof SENTENCES;

/** `limit` is what would have been taken: a sentence of its own. `detail` never has the file's name. */
export const toFileFailure = (code: FileErrorCode, detail?: string, limit?: string): Failure =>
  Object.assign(new Failure(code, detail), { more: { guest: [SENTENCES[code], limit].filter(Boolean).join(" ") } });
