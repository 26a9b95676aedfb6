/** Failure: a ChatError that nobody has to read yet. What session, hub and protocols throw: a code and a detail, no sentences. */
import type { ChatErrorCode, ChatErrorData } from "./error.ts";

export class Failure extends Error {
  declare readonly code: ChatErrorCode;
  declare readonly detail: string | undefined;
  /** Rarely: what else there is to tell. */
  declare readonly more?: Pick<ChatErrorData, "guest">;

  constructor(code: ChatErrorCode, detail?: string) {
    super(detail ?? code);
    this.code = code;
    this.detail = detail;
  }
}

/** The form that crosses ports; an error that was not foreseen becomes CHAT_INTERNAL. */
export function toErrorData(error: unknown): ChatErrorData {
  if (error instanceof Failure) return { code: error.code, detail: error.detail, ...error.more };
  return { code: "CHAT_INTERNAL", detail: String(error) };
}
