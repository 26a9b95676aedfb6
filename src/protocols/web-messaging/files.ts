/** What is asked of one connection about files; what does it is fetched with the first. */
import { Failure } from "../../chat/failure.ts";
import type { UploadRules } from "../../chat/rich.ts";
import type { Connection, HandlerCommand } from "../../session/protocol.ts";
import type { Answer } from "../../wire/web-messaging/answers.ts";
import type { Attachments } from "./attachments.ts";
import type { Line } from "./line.ts";

export interface Files {
  /** Rejects with CHAT_UNSUPPORTED what is not about files. */
  perform(command: HandlerCommand, signal: AbortSignal): Promise<unknown>;
  /** Whether somebody waits for it. */
  receive(answer: Answer): boolean;
}

export function createFiles(connection: Connection, line: Line, rules: () => UploadRules | undefined): Files {
  let attachments: Attachments | undefined;

  function request(action: string, fields: Record<string, unknown>): string {
    const tracingId = connection.platform.randomId();
    line.post(action, fields, tracingId);
    return tracingId;
  }

  return {
    async perform(command, signal) {
      const { createAttachments } = await import("./attachments.ts");
      attachments ??= createAttachments({ connection, request, rules });
      switch (command.type) {
        case "attach":
          return attachments.attach(command.upload, command.file, signal);
        case "detach":
          return attachments.detach(command.attachment);
        case "refresh-link":
          return attachments.link(command.attachment, signal);
        default:
          throw new Failure("CHAT_UNSUPPORTED");
      }
    },
    receive: (answer) => attachments?.receive(answer) === true,
  };
}
