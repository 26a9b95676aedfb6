/** The guest-api dialect on one connection (Guest API profile, section 3): handshake, resume, frames both ways. */
import type { ChatErrorCode } from "../../chat/error.ts";
import type { RetryDecision } from "../../chat/event.ts";
import type { Connection, Handler, HandlerCommand } from "../../session/protocol.ts";
import { CLOSE, type ClientFrame, parseServerFrame, type ServerFrame } from "../../wire/guest-api.ts";
import { closeCodes } from "./close-codes.ts";

type Payload<Type extends ServerFrame["type"]> = Extract<ServerFrame, { type: Type }>["payload"];

/** Missing in an error frame that should have it (section 1). */
const RETRY_AFTER_S = 2;
/** A minute, and what the way there may take: the platform counts from when they arrive. */
const WINDOW_MS = 62_000;

export function createHandler({ credentials, after, now, send, emit }: Connection): Handler {
  let allowed: Payload<"handshake_ack">["limits"] | undefined;
  const post = (frame: ClientFrame) => send(JSON.stringify(frame));

  function receiveMessage(message: Payload<"message">) {
    const { id: serverId, clientId, from, name, avatarUrl, text, quickReplies } = message;
    const sentAt = Date.parse(message.sentAt);
    if (from === "guest" && clientId !== undefined) emit({ type: "delivered", id: clientId, serverId, sentAt, text });
    else emit({ type: "received", message: { serverId, from, name, avatarUrl, text, quickReplies, sentAt } });
  }

  /** The error says what the close code will: the server need not be waited for. */
  const lose = (code: number) => emit({ type: "lost", decision: closeCodes[code] as RetryDecision });

  function receiveError({ code, message, retryAfter, inReplyTo: id }: Payload<"error">) {
    const waitMs = (retryAfter ?? RETRY_AFTER_S) * 1000;
    const reject = (chatCode: ChatErrorCode) => {
      if (id !== undefined) emit({ type: "rejected", id, error: { code: chatCode, detail: `${code}: ${message}` } });
    };
    switch (code) {
      case "invalid_token":
      case "token_expired":
        return lose(CLOSE.tokenRefused);
      case "session_not_found":
        return lose(CLOSE.sessionGone);
      case "unavailable":
        return emit({
          type: "lost",
          decision: { do: "retry" },
          retryAfter: waitMs,
          error: { code: "CHAT_UNAVAILABLE", detail: message },
        });
      case "rate_limited":
        return emit({ type: "throttled", retryAfter: waitMs, id });
      case "message_too_long":
        return reject("CHAT_TEXT_TOO_LONG");
      case "conversation_ended":
        reject("CHAT_ENDED");
        return emit({ type: "readonly", sentAt: now() });
      default:
        reject("CHAT_MESSAGE_REFUSED");
    }
  }

  function receivePresence({ event, name }: Payload<"presence">) {
    if (event === "ended") emit({ type: "readonly", sentAt: now() });
    else emit({ type: "presence", happened: event, name, sentAt: now() });
  }

  return {
    handshake: () => post({ type: "handshake", token: credentials.secrets.guestToken ?? "" }),

    probe: () => post({ type: "ping", payload: { at: now() } }),

    async perform(command: HandlerCommand) {
      switch (command.type) {
        case "send": {
          const { id, text, payload } = command;
          const quickReply = payload === undefined ? undefined : { payload };
          return post({ type: "message", payload: { id, text, quickReply } });
        }
        case "typing":
          return post({ type: "typing", payload: { on: command.on } });
        case "end":
          return post({ type: "terminate", payload: {} });
      }
    },

    receive(text) {
      const frame = parseServerFrame(text);
      // A frame of a newer server, or of nobody: the connection is worth more than the frame.
      if (!frame) return frame === null;
      switch (frame.type) {
        case "handshake_ack":
          allowed = frame.payload.limits;
          return post({ type: "resume", payload: { after } });
        case "resumed":
          return emit({
            type: "live",
            features: [],
            textBytes: allowed?.textBytes,
            limits: allowed && [{ count: allowed.messagesPerMinute, ms: WINDOW_MS }],
          });
        case "message":
          return receiveMessage(frame.payload);
        case "typing":
          return emit({ type: "typing", on: frame.payload.on, name: frame.payload.name });
        case "presence":
          return receivePresence(frame.payload);
        case "error":
          return receiveError(frame.payload);
        case "pong":
          return;
      }
    },
  };
}
