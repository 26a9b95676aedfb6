/** ChatError: every failure with a stable code, a sentence for the guest, and one for the site owner when somebody asks. */
import type { ChatErrorCode } from "./advice.ts";

export type { ChatErrorCode } from "./advice.ts";

const KEPT = "What you write is kept and will be sent.";
const UNREACHABLE = `We cannot reach the chat right now. ${KEPT}`;
const AGAIN = "That did not work. Please try again.";
const FAILED = "The chat could not be started. Please try again later.";

/** What the guest can do, by code; where nothing stands, FAILED. */
const GUEST: Partial<Record<ChatErrorCode, string>> = {
  CHAT_CONFIGURATION: "The chat is not set up on this page yet.",
  CHAT_BROKER_UNREACHABLE: UNREACHABLE,
  CHAT_BROKER_INVALID: UNREACHABLE,
  CHAT_DEPLOYMENT_UNREACHABLE: UNREACHABLE,
  CHAT_NOT_ALLOWED: "The chat is not available on this page.",
  CHAT_UNAVAILABLE: `The chat is very busy. ${KEPT}`,
  CHAT_SIGN_IN_REFUSED: AGAIN,
  CHAT_SOCKET_BLOCKED: `This network blocks live chat. Please try another one. ${KEPT}`,
  CHAT_CONNECTION_LOST: `The connection was lost. ${KEPT}`,
  CHAT_CONNECTION_REFUSED: "The chat was closed. Please try again.",
  CHAT_CONSENT_NEEDED: AGAIN,
  CHAT_OFFLINE: AGAIN,
  CHAT_INTERRUPTED: AGAIN,
  CHAT_ENDED: "This conversation is over. Start a new one to go on.",
  CHAT_MOVED: "You went on with this chat elsewhere.",
  CHAT_TEXT_TOO_LONG: "This message is too long. Please shorten it.",
  CHAT_TEXT_EMPTY: AGAIN,
  CHAT_MESSAGE_REFUSED: "This message was not accepted.",
  CHAT_EXPIRED: "This message was not sent in time.",
  CHAT_UNSUPPORTED: "That is not possible in this chat.",
  CHAT_RELOAD_NEEDED: "The chat was updated. Please reload the page.",
  CHAT_STORAGE_BLOCKED: "Your browser blocks storage. Please keep this page open while you chat.",
};

/** A ChatError as it crosses a port. */
export interface ChatErrorData {
  code: ChatErrorCode;
  /** What exactly failed; never text of a guest, a token or personal data. */
  detail?: string;
  /** For the guest, where the code's own sentence would not do: it names a limit, say. */
  guest?: string;
}

/** What every rejected promise, `chat-error` event and failed message carries. `message` is code and detail. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ChatErrorCode;
  readonly guest: string;
  readonly detail: string | undefined;

  constructor(code: ChatErrorCode, detail?: string, options?: { cause?: unknown; guest?: string }) {
    super(detail ? `${code}: ${detail}` : code, options);
    this.code = code;
    this.guest = options?.guest ?? GUEST[code] ?? FAILED;
    this.detail = detail;
  }

  /** What the site owner can do. Fetched when asked for: guests have no use for it. "" where it cannot be had. */
  async explain(): Promise<string> {
    try {
      const { ADVICE } = await import("./advice.ts");
      return ADVICE[this.code] ?? "";
    } catch {
      return "";
    }
  }
}

/** Back from a port. */
export const fromErrorData = (data: ChatErrorData): ChatError => new ChatError(data.code, data.detail, data);
