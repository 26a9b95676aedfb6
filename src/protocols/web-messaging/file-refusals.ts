/** What each of the platform's codes means to a file (reference, section 5). */
import { Failure } from "../../chat/failure.ts";
import { type FileErrorCode, toFileFailure } from "../../chat/files/file-failure.ts";
import type { UploadRules } from "../../chat/rich.ts";
import type { Refusal } from "../../wire/web-messaging/answers.ts";
import { tooLarge, wrongType } from "./file-check.ts";

/** Thrown where a request is refused, until it is known what it was about. */
export class Refused extends Error {
  declare readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super();
    this.refusal = refusal;
  }
}

export const describe = ({ code, message }: Refusal): string => `${code}: ${message}`;

/** By the platform's code; what is not here is refused for good where it is a 4xx or 4xxx, and tried again where it is not. */
const CODES: ReadonlyMap<number, FileErrorCode> = new Map([
  [4003, "CHAT_FILE_REFUSED"],
  [4004, "CHAT_FILE_NAME"],
  [4005, "CHAT_FILE_NAME"],
  [4008, "CHAT_UPLOAD_FAILED"],
  [4009, "CHAT_UPLOAD_FAILED"],
  [4010, "CHAT_UPLOAD_FAILED"],
  [4102, "CHAT_FILE_EMPTY"],
  [401, "CHAT_UPLOAD_FAILED"],
  [403, "CHAT_UPLOAD_FAILED"],
  [408, "CHAT_UPLOAD_FAILED"],
]);

export function toFailure(refusal: Refusal, rules: UploadRules): Failure {
  const { code } = refusal;
  if (code === 4000) return new Failure("CHAT_UNSUPPORTED", describe(refusal));
  if (code === 4001) return wrongType(rules, describe(refusal));
  if (code === 4002) return tooLarge(rules, describe(refusal));
  const isFinal = (code >= 400 && code < 500) || (code >= 4000 && code < 5000);
  return toFileFailure(CODES.get(code) ?? (isFinal ? "CHAT_FILE_REFUSED" : "CHAT_UPLOAD_FAILED"), describe(refusal));
}
