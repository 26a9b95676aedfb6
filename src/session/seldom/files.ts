/** Files of a session: up over as many connections as it takes, shown in all tabs, and kept until they are in a message. */
import type { Command } from "../../chat/command.ts";
import { Failure, toErrorData } from "../../chat/failure.ts";
import { toFileFailure } from "../../chat/files/file-failure.ts";
import { toSafeName } from "../../chat/files/file-name.ts";
import type { Upload } from "../../chat/rich.ts";
import { canWrite } from "../../chat/state.ts";
import { backoff } from "../backoff.ts";
import { type Inside, takeTurn } from "./inside.ts";
import { attempt, findUpload, within } from "./upload-attempt.ts";

const ATTEMPTS = 3;

/** Resolves with `id`, which is the upload's from now on. A file that could not be sent stays among the uploads, with its reason. */
export async function attach(id: string, file: File, session: Inside): Promise<string> {
  const { chat, platform, emit, loop, lifetime } = session;
  const { phase } = chat.state;
  if (!canWrite(phase)) throw new Failure("CHAT_ENDED");
  const { type: mime, size: bytes } = file;
  let upload: Upload = { id, name: toSafeName(file.name), mime, bytes, phase: "uploading", progress: 0 };
  emit({ type: "upload", upload });
  if (phase === "idle" || phase === "failed") loop.start("start");
  for (let count = 1; ; count += 1) {
    try {
      await takeTurn(session);
      const attachment = await attempt(id, file, session);
      upload = { ...upload, ...findUpload(session, id), attachment, phase: "uploaded", progress: 1 };
      emit({ type: "upload", upload });
      if (upload.wanted)
        await sendFile(upload.wanted, { type: "send", text: "", attachment: id }, platform.clock.now(), session);
      return id;
    } catch (error) {
      // What it leaves is told by the next one.
      if (lifetime.aborted) throw error;
      const held = findUpload(session, id);
      if (!held) throw toFileFailure("CHAT_UPLOAD_CANCELLED");
      const mayHelp = error instanceof Failure && error.code === "CHAT_UPLOAD_FAILED";
      if (!mayHelp || count === ATTEMPTS) {
        emit({ type: "upload", upload: { ...held, phase: "failed", wanted: undefined, error: toErrorData(error) } });
        throw error;
      }
      emit({ type: "upload", upload: { ...held, attachment: undefined, progress: 0 } });
      await new Promise<void>((go) => platform.clock.after(backoff(count, platform.random()), go));
    }
  }
}

/** Gone from all tabs at once; Genesys is told if it can be, and else throws away by itself what is in no message. */
export function detach(id: string, session: Inside): void {
  const upload = findUpload(session, id);
  if (!upload) return;
  // Who is sending it sees that it is gone, and stops.
  session.emit({ type: "detached", upload: id });
  const { phase, attachment } = upload;
  if (phase !== "uploaded" || attachment === undefined) return;
  takeTurn(session)
    .then(() => session.perform({ type: "detach", attachment }, session.lifetime))
    .catch(() => {});
}

/** Resolves with the link. */
export async function refreshLink(attachment: string, session: Inside): Promise<unknown> {
  await takeTurn(session);
  return within(session, (signal) => session.perform({ type: "refresh-link", attachment }, signal));
}

/**
 * Resolves with the message's id. A file that is on its way goes when it is up; its text does not wait: only what is kept
 * at once cannot be lost, and of a file nobody knows yet whether it will be taken. Where the file is not there any more, the
 * text is kept as a message that has failed.
 */
export async function sendFile(
  id: string,
  command: Extract<Command, { type: "send" }>,
  at: number,
  session: Inside,
): Promise<string> {
  const { emit, send, standing } = session;
  const { attachment: uploadId = "" } = command;
  const text = command.text.trim() === "" ? undefined : command.text;
  const upload = findUpload(session, uploadId);
  const { phase, attachment, name, mime, bytes } = upload ?? {};
  if (upload && phase === "uploading") {
    emit({ type: "upload", upload: { ...upload, wanted: upload.wanted ?? (text ? session.platform.randomId() : id) } });
    return text ? send({ id, text }, at) : id;
  }
  if (phase === "uploaded" && attachment !== undefined && name !== undefined) {
    return send({ id, text, attachments: [{ id: attachment, name, mime, bytes }] }, at);
  }
  const failure = toFileFailure("CHAT_FILE_GONE");
  if (text === undefined) throw failure;
  emit({
    type: "sending",
    message: { id, from: "guest", text, sentAt: at + standing().skew, delivery: "sending" },
  });
  emit({ type: "rejected", id, error: toErrorData(failure) });
  return id;
}
